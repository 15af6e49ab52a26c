package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Procs that start from an AOT cache which their host had made.
@SystemTest
class AotCacheIT {
    private static JavaCommand program(String main) {
        return new JavaCommand(
                JavaCommand.FLAGS,
                ClassPaths.commandLine().stream().map(Path::toString).toList(),
                List.of(),
                Map.of(),
                Optional.empty(),
                main,
                List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.hyperactor.host.ProcMain", "io.hyperactor.cli.DemoProc"})
    void aCacheIsMadeAndTheNextProcRunsFromIt(String main) throws Exception {
        var manager = ProcessProcManager.running(program(main));
        try (Host<ProcAgentMessage> host = Host.serve(ChannelAddress.any(Transport.UNIX), manager);
                Client client = host.systemProc().client("client")) {
            assertThat(manager.aotCache()).succeedsWithin(Patience.LIMIT).isEqualTo(true);

            ReadyProc<ProcAgentMessage> proc = host.spawn("p");

            Path maps = Path.of("/proc", String.valueOf(proc.pid().orElseThrow()), "maps");
            assertThat(Files.readString(maps)).contains(".aot");
            ActorRef<EchoMessage> echo =
                    ActorRef.attest(proc.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
            assertThat(client.ask(echo, EchoMessage::new, Patience.LIMIT)).isEqualTo(echo.id());
            assertThat(manager.refusedCallbacks()).isZero();
            assertThat(host.procs()).hasSize(1);
        }
    }

    /// What the cache can not keep is linked anew by each proc, at a millisecond or more apiece:
    /// pattern switches, the equality of records, lambdas that no rehearsal has run. On the way to
    /// the first answer there is none of ours but the codec of the request.
    @Test
    void aProcLinksNothingButCodecsUntilItHasAnswered(@TempDir Path folder) throws Exception {
        var java =
                program(ProcMain.class.getName())
                        .withFlags("-Xlog:class+load:file=" + folder + "/%p.txt:none");
        var manager = ProcessProcManager.running(java);
        try (Host<ProcAgentMessage> host = Host.serve(ChannelAddress.any(Transport.UNIX), manager);
                Client client = host.systemProc().client("client")) {
            assertThat(manager.aotCache()).succeedsWithin(Patience.LIMIT).isEqualTo(true);

            ReadyProc<ProcAgentMessage> proc = host.spawn("p");
            ActorRef<EchoMessage> echo =
                    ActorRef.attest(proc.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
            var _ = client.ask(echo, EchoMessage::new, Patience.LIMIT);

            List<String> loaded =
                    Files.readAllLines(folder.resolve(proc.pid().orElseThrow() + ".txt"));
            assertThat(loaded).filteredOn(line -> line.contains("shared objects")).isNotEmpty();
            assertThat(loaded)
                    .filteredOn(line -> !line.contains("shared objects"))
                    .filteredOn(line -> line.startsWith("io.hyperactor"))
                    .allMatch(line -> line.contains("Codec/"));
        }
    }

    /// [Leftovers] sees the processes and sockets of a training, too.
    @Test
    void aHostThatIsClosedDuringATrainingLeavesNothingOfIt() throws Exception {
        String unheardOf = "-Dhyperactor.test=" + System.nanoTime(); // so there is no cache yet
        var manager =
                ProcessProcManager.running(program(ProcMain.class.getName()).withFlags(unheardOf));
        try (Host<ProcAgentMessage> host =
                Host.serve(ChannelAddress.any(Transport.UNIX), manager)) {
            var _ = host.spawn("p");
            await("a training").atMost(Patience.LIMIT).until(() -> isTraining(unheardOf));
        }

        assertThat(isTraining(unheardOf)).isFalse();
        try (Stream<Path> files = Files.walk(Path.of(System.getenv("XDG_CACHE_HOME")))) {
            String ours = "-" + ProcessHandle.current().pid() + ".new";
            assertThat(files.filter(file -> file.toString().contains(ours))).isEmpty();
        }
    }

    private static boolean isTraining(String flag) {
        return ProcessHandle.current()
                .descendants()
                .flatMap(process -> process.info().commandLine().stream())
                .anyMatch(line -> line.contains(flag) && line.contains("-XX:AOTCacheOutput="));
    }
}
