package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is left of a host that ended without closing anything: none of its procs and nothing of
/// what they have started, in whatever state it is. Prints how long it took.
@SystemTest
class HostDeathIT {
    @TempDir Path classes;

    private Proc here;
    private Client client;
    private HostProcess host;
    private final List<OsProcess> procs = new ArrayList<>();

    @BeforeEach
    void serveFourProcs() throws Exception {
        here = Proc.direct(ChannelAddress.any(Transport.UNIX), "here");
        client = here.client("client");
        host = HostProcess.start(classes);
        for (int i = 0; i < 4; i++) {
            procs.add(host.spawn(client, "p" + i));
        }
    }

    @AfterEach
    void close() throws IOException {
        host.close();
        client.close();
        here.close();
        Leftovers.removeSocketsOfTheKilled();
    }

    private void killHostAndAwaitTheEndOf(List<OsProcess> victims, String what)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        host.program().process().signal("KILL");
        awaitTheEndOf(victims, "host killed, " + what, start);
    }

    private void awaitTheEndOf(List<OsProcess> victims, String what, long start) {
        for (OsProcess victim : victims) {
            victim.awaitGone();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("%s gone after %d ms at most%n", what, took.toMillis());
    }

    private List<OsProcess> procsAnd(OsProcess... more) {
        return Stream.concat(procs.stream(), Stream.of(more)).toList();
    }

    @Test
    void theProcsOfAKilledHostAreGone() throws Exception {
        killHostAndAwaitTheEndOf(procs, "4 procs");
    }

    @Test
    void evenAStoppedProcIsGone() throws Exception {
        procs.getFirst().signal("STOP");
        procs.getFirst().awaitState('T');

        killHostAndAwaitTheEndOf(procs, "4 procs, one of them stopped,");
    }

    @Test
    void whatAProcHasStartedEndsWithAKilledHost() throws Exception {
        OsProcess sleeper = startSleeper();

        killHostAndAwaitTheEndOf(procsAnd(sleeper), "4 procs, one with a process of its own,");
    }

    /// Where there are control groups; elsewhere that is not promised.
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "exit", "halt"})
    void evenAProcessThatLeftTheSessionEndsWithItsHost(String how) throws Exception {
        OsProcess detached = startDetachedSleeper();
        long start = System.nanoTime();

        if (how.equals("KILL")) {
            host.program().process().signal(how);
        } else {
            host.program().say(how.substring(0, 1));
        }

        awaitTheEndOf(
                procsAnd(detached), "host ended by " + how + ", 4 procs and a session", start);
    }

    @Test
    void evenAProcessThatLeftTheSessionEndsWithItsProc() throws Exception {
        OsProcess detached = startDetachedSleeper();

        procs.getFirst().signal("KILL");

        detached.awaitGone();
    }

    @Test
    void aKilledHostLeavesNoControlGroup() throws Exception {
        OsProcess detached = startDetachedSleeper();
        Path group = procs.getFirst().cgroup();
        assertThat(group).isDirectory();

        killHostAndAwaitTheEndOf(procsAnd(detached), "4 procs and a session");

        await("removal").atMost(Patience.LIMIT).until(() -> !Files.exists(group.getParent()));
    }

    private OsProcess startDetachedSleeper() throws InterruptedException {
        assumeTrue(
                !procs.getFirst().cgroup().equals(OsProcess.current().cgroup()),
                "no control groups here");
        ActorRef<Task> worker = host.spawnWorker(client, "p0", "w");
        OsProcess sleeper =
                OsProcess.of(client.ask(worker, Task.StartDetachedSleeper::new, Patience.LIMIT));
        sleeper.awaitSession(sleeper.pid());
        return sleeper;
    }

    @Test
    void evenAStoppedProcessOfAStoppedProcEndsWithAKilledHost() throws Exception {
        OsProcess sleeper = startSleeper();
        for (OsProcess process : List.of(sleeper, procs.getFirst())) {
            process.signal("STOP");
            process.awaitState('T');
        }

        killHostAndAwaitTheEndOf(procsAnd(sleeper), "4 procs, one stopped with its own process,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "halt"})
    void whatAProcHasStartedEndsWithAHostThatEndsByItself(String how) throws Exception {
        OsProcess sleeper = startSleeper();
        long start = System.nanoTime();

        host.program().say(how.substring(0, 1));

        awaitTheEndOf(procsAnd(sleeper), "host ended by " + how + ", 4 procs and a process", start);
        host.program().output(HostProgram.ENDED_AS_TOLD);
    }

    @Test
    void whatAProcHasStartedEndsWithAHostWhoseGuardianWasKilled() throws Exception {
        OsProcess sleeper = startSleeper();
        OsProcess guardian = awaitGuardianOtherThan(-1);
        guardian.signal("KILL");
        var _ = awaitGuardianOtherThan(guardian.pid());

        killHostAndAwaitTheEndOf(procsAnd(sleeper), "4 procs and a process, guardian replaced,");
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

        killHostAndAwaitTheEndOf(procsAnd(guardian), "4 procs and the guardian");
    }

    private OsProcess awaitGuardianOtherThan(long known) {
        String mark = ": hyperactor guardian of " + host.program().process().pid() + ";";
        return await("guardian")
                .atMost(Patience.LIMIT)
                .until(
                        () ->
                                OsProcess.pids().stream()
                                        .filter(pid -> pid != known)
                                        .map(OsProcess::of)
                                        .filter(process -> process.commandLine().contains(mark))
                                        .filter(OsProcess::isAlive)
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void whatAProcHasStartedEndsWithTheProc() throws Exception {
        OsProcess sleeper = startSleeper();

        procs.getFirst().signal("KILL");

        sleeper.awaitGone();
    }

    @Test
    void whatAProcHasStartedEndsWithAHostThatIsClosed() throws Exception {
        OsProcess sleeper = startSleeper();

        host.stop();

        sleeper.awaitGone();
    }

    private OsProcess startSleeper() throws InterruptedException {
        ActorRef<Task> worker = host.spawnWorker(client, "p0", "w");
        return OsProcess.of(client.ask(worker, Task.StartSleeper::new, Patience.LIMIT));
    }
}
