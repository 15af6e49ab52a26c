package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Procs that are made from real spare processes.
@Timeout(180)
class SpareProcsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ProcessProcManager<ProcAgentMessage> manager;
    private Host<ProcAgentMessage> host;
    private Client client;

    @BeforeEach
    void serve() {
        manager = ProcessProcManager.running(ProcMain.class);
        host = Host.serve(ChannelAddress.any(Transport.UNIX), manager);
        client = host.systemProc().client("test");
    }

    @AfterEach
    void close() {
        client.close();
        host.close();
    }

    private void awaitSpares(int count) {
        await().atMost(PATIENCE).until(() -> manager.spares().waiting() == count);
    }

    private static boolean wasSpare(ReadyProc<?> proc) {
        long pid = proc.pid().orElseThrow();
        return OsProcess.read("/proc/" + pid + "/environ")
                .contains(ProcMain.ROLE + "=" + ProcMain.SPARE);
    }

    private ActorId echo(ReadyProc<?> proc) throws InterruptedException {
        ActorRef<EchoMessage> echo =
                ActorRef.attest(proc.procId().actor(EchoActor.NAME, 0), EchoMessage.class);
        return client.ask(echo, EchoMessage::new, PATIENCE);
    }

    @Test
    void aProcFromASpareIsLikeAnyOther() throws Exception {
        manager.keepSpares(1);
        awaitSpares(1);
        assertThat(host.procs()).isEmpty();

        ReadyProc<ProcAgentMessage> proc = host.spawn("p");

        assertThat(wasSpare(proc)).isTrue();
        assertThat(proc.procId().address()).isEqualTo(host.address());
        assertThat(echo(proc)).isEqualTo(proc.procId().actor(EchoActor.NAME, 0));
        var report = client.ask(proc.agent(), ProcAgentMessage.GetReport::new, PATIENCE);
        assertThat(report.actors()).isEqualTo(2);
        assertThat(report.returned() + report.abandoned()).isZero();
        assertThat(host.stop("p", PATIENCE, "test")).isEqualTo(new ProcExit.Exited(0));
        assertThat(Path.of(((ChannelAddress.Unix) proc.address()).path())).doesNotExist();
        assertThat(RehearsalFolder.of(SocketMark.ofThisProcess(), proc.pid().orElseThrow()))
                .doesNotExist();
        assertThat(manager.refusedCallbacks()).isZero();
        awaitSpares(1);
    }

    @Test
    void spawnsAtTheSameTimeNeverShareASpare() throws Exception {
        manager.keepSpares(2);
        awaitSpares(2);
        List<ReadyProc<ProcAgentMessage>> procs = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ReadyProc<ProcAgentMessage>>> spawned = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "p" + i;
                spawned.add(threads.submit(() -> host.spawn(name)));
            }
            for (var spawn : spawned) {
                procs.add(spawn.get());
            }
        }

        assertThat(procs.stream().map(proc -> proc.pid().orElseThrow()).distinct()).hasSize(4);
        assertThat(procs.stream().filter(SpareProcsTest::wasSpare)).hasSizeGreaterThanOrEqualTo(2);
        for (ReadyProc<ProcAgentMessage> proc : procs) {
            assertThat(echo(proc).proc()).isEqualTo(proc.procId());
        }
    }

    @Test
    void aSpareThatIsKilledIsReplaced() throws Exception {
        manager.keepSpares(1);
        awaitSpares(1);
        List<Long> before = spares();

        before.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));

        await().atMost(PATIENCE)
                .until(
                        () -> // another one is there, not only the old one gone
                        manager.spares().waiting() == 1
                                        && spares().stream()
                                                .anyMatch(pid -> !before.contains(pid)));
        assertThat(wasSpare(host.spawn("p"))).isTrue();
    }

    @Test
    void aProcOfAnotherKindIsNotMadeFromASpare() throws Exception {
        manager.keepSpares(1);
        awaitSpares(1);
        ProcSpec other = ProcSpec.java(ProcMain.class).withVariable("COLOUR", "green");

        ReadyProc<ProcAgentMessage> proc = host.spawn("p", other);

        assertThat(wasSpare(proc)).isFalse();
        assertThat(manager.spares()).isEqualTo(new SpareCount(1, 1));
    }

    @Test
    void theyEndWhenNoneAreWantedAndWithTheirManager() {
        manager.keepSpares(2);
        awaitSpares(2);
        List<Long> two = spares();
        assertThat(two).hasSize(2);

        manager.keepSpares(1);
        await().atMost(PATIENCE).until(() -> spares().size() == 1);
        assertThat(manager.spares()).isEqualTo(new SpareCount(1, 1));

        host.close();
        assertThat(two).noneMatch(OsProcess::isRunning);
    }

    @Test
    void aProgramThatCannotBeASpareIsStartedAsUsual() throws Exception {
        try (var foreign =
                        ProcessProcManager.of(
                                JavaCommand.of(EchoProc.class).command(), EchoMessage.class);
                Host<EchoMessage> second =
                        Host.serve(ChannelAddress.any(Transport.UNIX), foreign)) {
            foreign.keepSpares(1);

            ReadyProc<EchoMessage> proc = second.spawn("p");

            assertThat(client.ask(proc.agent(), EchoMessage::new, PATIENCE))
                    .isEqualTo(proc.agent().id());
            assertThat(foreign.spares().waiting()).isZero();
        }
    }

    private static List<Long> spares() {
        return OsProcess.children().stream()
                .filter(pid -> {
                    Path environment = Path.of("/proc", pid.toString(), "environ");
                    return Files.exists(environment)
                            && OsProcess.read(environment.toString())
                                    .contains(ProcMain.ROLE + "=" + ProcMain.SPARE);
                })
                .toList();
    }
}
