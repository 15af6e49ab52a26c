package io.hyperactor.system;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What is left of the procs of a host that was killed with SIGKILL: nothing, in whatever state
/// they are. Prints how long it took.
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
        for (OsProcess victim : victims) {
            victim.awaitGone();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("host killed, %s gone after %d ms at most%n", what, took.toMillis());
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

    /// What the proc has started itself is not promised to end: see "Not promised" in
    /// docs/semantics.md.
    @Test
    void aProcThatHasStartedAProcessIsGone() throws Exception {
        OsProcess sleeper = startSleeper();

        killHostAndAwaitTheEndOf(procs, "4 procs, one with a process of its own,");
        sleeper.signal("KILL");
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
