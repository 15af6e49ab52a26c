package io.hyperactor.system;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.TlsIdentity;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.LogPolicy;
import io.hyperactor.host.ProcHandle;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A host that serves until its standard input ends, or until a line there tells it to end in
/// another way. It knows nothing of the actors in its procs.
final class HostProgram {
    /// System property: how many spares it keeps.
    static final String SPARES = "test.spares";

    /// System properties of programs of these tests: whether they use plain TCP beyond loopback;
    /// the folder with the certificates of `localhost`, if they use TLS.
    static final String INSECURE = "test.insecure";

    static final String TLS = "test.tls";

    /// System properties: where the log files of its procs are; whether what they print is passed
    /// through.
    static final String LOGS = "test.logs";

    static final String PASS_THROUGH = "test.pass";

    /// System property: how long its procs have when it closes.
    static final String GRACE = "test.grace";

    /// With the name of a proc: a line to it, and the beginning of its answer.
    static final String SECRET_OF = "secret of ";

    static final String SECRET = "secret ";

    /// Lines to it: take its heap but for [#LEFT], and give that back. It answers [#MEMORY].
    static final String TAKE_MEMORY = "take memory";

    static final String GIVE_MEMORY = "give memory";
    static final String MEMORY = "memory ";

    /// A line to it, and before the records and bytes of its procs' logs that it has lost so far.
    static final String LOST = "lost";

    private static final int LEFT = 256 * 1024;
    private static final int PIECE = 16 * 1024;

    private static final Deque<byte[]> TAKEN = new ArrayDeque<>(1 << 16);

    private HostProgram() {}

    private static void takeMemory() {
        try {
            while (true) {
                TAKEN.push(new byte[PIECE]);
            }
        } catch (OutOfMemoryError e) {
            for (int left = 0; left < LEFT; left += PIECE) {
                TAKEN.pop();
            }
        }
        System.out.println(MEMORY + "taken");
    }

    /// Prints `serving ADDRESS` and at the end `closed`.
    ///
    /// @param args the address; then `java`, the class path and main class of the procs, and more
    ///   flags for them, or `program` and their command
    public static void main(String[] args) throws IOException {
        ProcessProcManager<ProcAgentMessage> manager = manager(List.of(args));
        manager.keepSpares(Integer.getInteger(SPARES, 0));
        Duration grace = Duration.parse(System.getProperty(GRACE, "PT10S"));
        Host<ProcAgentMessage> host =
                Host.serve(
                        ChannelAddress.parse(args[0]),
                        manager,
                        HostConfig.defaults().withStopGrace(grace).withProc(proc()));
        var _ = HostAgent.spawn(host);
        System.out.println("serving " + host.address());
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith(SECRET_OF)) {
                ProcHandle<?> proc =
                        host.find(line.substring(SECRET_OF.length())).orElseThrow().handle();
                System.out.println(SECRET + proc.secret().reveal());
            } else if (line.equals(TAKE_MEMORY)) {
                takeMemory();
            } else if (line.equals(GIVE_MEMORY)) {
                TAKEN.clear();
                System.out.println(MEMORY + "given");
            } else if (line.equals(LOST)) {
                System.out.printf(
                        "%s %d %d%n",
                        LOST, manager.logs().lostRecords(), manager.droppedOutputBytes());
            } else {
                end(line);
            }
        }
        host.close();
        System.out.println("closed");
    }

    private static ProcConfig proc() {
        ProcConfig config = ProcConfig.defaults();
        return Boolean.getBoolean(INSECURE) || System.getProperty(TLS) != null
                ? config.withChannels(new Channels(channels()))
                : config;
    }

    /// As the system properties say.
    static ChannelConfig channels() {
        ChannelConfig config = ChannelConfig.standard().withInsecure(Boolean.getBoolean(INSECURE));
        return Optional.ofNullable(System.getProperty(TLS))
                .map(folder -> config.withTls(identity(Path.of(folder))))
                .orElse(config);
    }

    static TlsIdentity identity(Path folder) {
        return new TlsIdentity(
                folder.resolve("localhost.pem"),
                folder.resolve("localhost-key.pem"),
                folder.resolve("ca.pem"));
    }

    private static ProcessProcManager<ProcAgentMessage> manager(List<String> args) {
        ProcSpec spec =
                args.get(1).equals("program")
                        ? ProcSpec.command(args.subList(2, args.size()))
                        : ProcSpec.java(
                                new JavaCommand(
                                                JavaCommand.FLAGS,
                                                List.of(args.get(2).split(File.pathSeparator, -1)),
                                                List.of(),
                                                Map.of(),
                                                Optional.empty(),
                                                args.get(3),
                                                List.of())
                                        .withFlags(
                                                args.subList(4, args.size())
                                                        .toArray(String[]::new)));
        return ProcessProcManager.running(spec.withLogs(logs()));
    }

    private static LogPolicy logs() {
        LogPolicy policy = LogPolicy.defaults().withPassThrough(Boolean.getBoolean(PASS_THROUGH));
        return Optional.ofNullable(System.getProperty(LOGS))
                .map(folder -> policy.withFolder(Path.of(folder)))
                .orElse(policy);
    }

    /// Ends this process as programs end that do not close their host.
    private static void end(String how) {
        switch (how) {
            case "exit" -> System.exit(3);
            case "halt" -> Runtime.getRuntime().halt(3);
            case "throw" -> throw new IllegalStateException("as asked");
            case "run out of memory" -> {
                Object taken = how;
                while (true) {
                    taken = List.of(taken, new byte[1 << 20]);
                }
            }
            default -> throw new IllegalArgumentException(how);
        }
    }
}
