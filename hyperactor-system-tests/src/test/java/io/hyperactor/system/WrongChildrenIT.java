package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.Client;
import io.hyperactor.HyperactorException;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostException;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.host.ReadyProcException;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Child processes that do not become the proc they should. After each failed spawn nothing runs.
@SystemTest
class WrongChildrenIT {
    private static final int MESSAGE_MAX_CHARS = 1200;

    @TempDir Path classes;

    private static AbstractThrowableAssert<?, ?> assertNotSpawned(Host<ProcAgentMessage> host) {
        AbstractThrowableAssert<?, ?> failure =
                assertThatThrownBy(() -> host.spawn("p"))
                        .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                        .hasMessageContaining(host.address() + ",p")
                        .satisfies(e ->
                                assertThat(e.getMessage())
                                        .doesNotContain("\n")
                                        .hasSizeLessThan(MESSAGE_MAX_CHARS));
        Leftovers.awaitNoProcessesButGuardians();
        assertThat(host.procs()).isEmpty();
        return failure;
    }

    @Test
    void aChildThatExitsWithZeroIsNoMoreReadyThanAnother() {
        try (var host = Hosts.serve(Hosts.shell("exit 0"))) {
            assertNotSpawned(host).hasMessageContaining("exited with status 0 before it was ready");
        }
    }

    @Test
    void aChildThatHangsIsKilledWithEverythingItStarted() {
        try (var host =
                Hosts.serve(Hosts.shell("sleep 1000 & sleep 1000"), Duration.ofSeconds(1))) {
            assertNotSpawned(host)
                    .hasCauseInstanceOf(ReadyProcException.Timeout.class)
                    .hasMessageContaining("not ready within 1000 ms");
        }
    }

    @Test
    void aChildThatPrintsAMegabyteWithoutALineAndExitsIsQuotedInPart() {
        try (var host =
                Hosts.serve(Hosts.shell("head -c 1048576 /dev/zero | tr '\\0' 'x' >&2; exit 3"))) {
            assertNotSpawned(host).hasMessageContaining("exited with status 3");
        }
    }

    @Test
    void aChildThatPrintsBinaryIsQuotedReadably() {
        try (var host =
                Hosts.serve(Hosts.shell("printf 'bell \\007 escape \\033[31m' >&2; exit 3"))) {
            assertNotSpawned(host)
                    .hasMessageContaining("exited with status 3")
                    .satisfies(e -> assertThat(e.getMessage().chars()).noneMatch(c -> c < ' '));
        }
    }

    @Test
    void aChildThatPrintsAMegabyteOfJunkFirstStillBecomesReady() throws Exception {
        try (var host = Hosts.serve(ProcessProcManager.running(Babbler.class));
                Client client = host.systemProc().client("test")) {
            ReadyProc<ProcAgentMessage> proc = host.spawn("p");

            var report = client.ask(proc.agent(), ProcAgentMessage.GetReport::new, Patience.LIMIT);
            assertThat(report.pid()).isEqualTo(proc.pid().orElseThrow());
        }
    }

    static final class Babbler {
        private Babbler() {}

        public static void main(String[] args) {
            byte[] junk = new byte[1 << 20];
            new java.util.Random(7).nextBytes(junk);
            for (int i = 0; i < junk.length; i++) {
                junk[i] = junk[i] == '\n' ? 0 : junk[i];
            }
            System.out.write(junk, 0, junk.length);
            System.out.flush();
            System.err.write(junk, 0, junk.length);
            ProcMain.run(Worker.TYPE);
        }
    }

    @Test
    void aClassPathWithoutTheMainClassIsTold() throws Exception {
        JavaCommand command = JavaCommand.of(WorkerProc.class).withClassPath(ClassPaths.runtime());
        try (var host = Hosts.serve(ProcessProcManager.running(command))) {
            assertNotSpawned(host)
                    .hasMessageContaining("exited with status 1")
                    .hasMessageContaining(WorkerProc.class.getName());
        }
    }

    @Test
    void aClassPathWithoutTheActorTypeRefusesTheSpawnAndSaysWhatItKnows() throws Exception {
        JavaCommand command = JavaCommand.of(ProcMain.class).withClassPath(ClassPaths.runtime());
        try (var host = Hosts.serve(ProcessProcManager.running(command));
                Client client = host.systemProc().client("test")) {
            ReadyProc<ProcAgentMessage> proc = host.spawn("p");

            assertThatThrownBy(() -> client.spawn(proc.agent(), "w", Worker.TYPE))
                    .isInstanceOf(HyperactorException.SpawnRefused.class)
                    .hasMessageContaining("could not spawn 'w' in " + proc.procId())
                    .hasMessageContaining("no actor type 'worker' here; this proc knows []");
        }
    }

    @Test
    void aChildWithoutWhatItsActorNeedsSaysSoBeforeItIsReady() throws Exception {
        List<Path> withoutWorker = ClassPaths.runtimeAnd(classes, WorkerProc.class);
        JavaCommand command = JavaCommand.of(WorkerProc.class).withClassPath(withoutWorker);
        try (var host = Hosts.serve(ProcessProcManager.running(command))) {
            assertNotSpawned(host)
                    .hasMessageContaining("exited with status 1")
                    .hasMessageContaining("NoClassDefFoundError");
        }
    }
}
