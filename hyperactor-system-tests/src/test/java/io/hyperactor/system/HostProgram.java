package io.hyperactor.system;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostAgent;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A host that serves until its standard input ends, or until a line there tells it to end in
/// another way. It knows nothing of the actors in its procs.
final class HostProgram {
    private HostProgram() {}

    /// Prints `serving ADDRESS` and at the end `closed`.
    ///
    /// @param args the address; then `java` and the class path and main class of the procs, or
    ///   `program` and their command
    public static void main(String[] args) throws IOException {
        Host<ProcAgentMessage> host =
                Host.serve(ChannelAddress.parse(args[0]), manager(List.of(args)));
        var _ = HostAgent.spawn(host);
        System.out.println("serving " + host.address());
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            end(line);
        }
        host.close();
        System.out.println("closed");
    }

    private static ProcessProcManager<ProcAgentMessage> manager(List<String> args) {
        if (args.get(1).equals("program")) {
            return ProcessProcManager.of(args.subList(2, args.size()), ProcAgentMessage.class);
        }
        return ProcessProcManager.running(
                new JavaCommand(
                        JavaCommand.FLAGS,
                        List.of(args.get(2).split(File.pathSeparator, -1)),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        args.get(3),
                        List.of()));
    }

    /// Ends this process as programs end that do not close their host.
    private static void end(String how) {
        switch (how) {
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
