package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The process that ends what is left of a host that died: it is replaced when it dies itself, and
/// does not stay behind.
@SystemTest
class GuardianIT {
    @TempDir Path classes;

    @RegisterExtension private final Here here = new Here();
    private HostProcess host;
    private final List<OsProcess> procs = new ArrayList<>();

    @BeforeEach
    void serveFourProcs() throws Exception {
        host = HostProcess.start(classes);
        for (int i = 0; i < 4; i++) {
            procs.add(host.spawn(here.client(), "p" + i));
        }
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void killHostAndAwaitTheEndOf(List<OsProcess> victims) {
        host.process().signal("KILL");
        victims.forEach(OsProcess::awaitGone);
    }

    private List<OsProcess> procsAnd(OsProcess... more) {
        return Stream.concat(procs.stream(), Stream.of(more)).toList();
    }

    @Test
    void whatAProcHasStartedEndsWithAHostWhoseGuardianWasKilled() throws Exception {
        OsProcess sleeper = startSleeper();
        OsProcess guardian = awaitGuardianOtherThan(-1);
        guardian.signal("KILL");
        var _ = awaitGuardianOtherThan(guardian.pid());

        killHostAndAwaitTheEndOf(procsAnd(sleeper));
    }

    @Test
    void aHostLeavesNoGuardian() throws Exception {
        OsProcess guardian = awaitGuardianOtherThan(-1);

        host.stop();

        assertThat(guardian.state()).isEqualTo('-');
    }

    @Test
    void theGuardianOfAKilledHostEnds() throws Exception {
        OsProcess guardian = awaitGuardianOtherThan(-1);

        killHostAndAwaitTheEndOf(procsAnd(guardian));
    }

    private OsProcess awaitGuardianOtherThan(long known) {
        String mark = ": hyperactor guardian of " + host.program().process().pid() + ";";
        return await("guardian")
                .atMost(Patience.LIMIT)
                .until(
                        () ->
                                OsProcess.pids().stream()
                                        .map(OsProcess::of)
                                        .filter(process -> process.pid() != known)
                                        .filter(process -> process.commandLine().contains(mark))
                                        .filter(OsProcess::isAlive)
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private OsProcess startSleeper() throws InterruptedException {
        ActorRef<Task> worker = host.spawnWorker(here.client(), "p0", "w");
        return OsProcess.of(here.client().ask(worker, Task.StartSleeper::new, Patience.LIMIT));
    }
}
