package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.ActorRef;
import io.hyperactor.OncePortRef;
import io.hyperactor.host.HostAgentMessage;
import io.hyperactor.host.HostAgentMessage.NotSpawned;
import io.hyperactor.host.HostAgentMessage.SpawnReply;
import io.hyperactor.host.HostAgentMessage.Spawned;
import io.hyperactor.host.Refusal;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.concurrent.CompletionException;

/// Fault row P21, as [ExhaustionIT]: the heap of a host is full, but for what a few requests need,
/// and then procs take that. What a spawn cannot have is anything on its way, and may be the
/// answer.
@SystemTest
@Tag("faults")
@Timeout(300)
class MemoryExhaustionIT {
    private static final Duration RECOVERED = Duration.ofSeconds(1);
    private static final Duration ASK = Duration.ofSeconds(2);
    private static final int TIMES = 20;
    private static final int SPAWNS_MAX = 100;

    @RegisterExtension private final Here here = new Here();

    @Test
    void p21MemoryRunsOut() throws Exception {
        var row = new FaultRow("P21", "memory of the host runs out");
        try (HostProcess host = HostLaunch.ofBoth().with("-Xmx48m").start()) {
            host.spawn(here.client(), "jvm");
            ActorRef<Task> worker = host.spawnWorker(here.client(), "jvm", "w");
            limit(host, true);
            long spawned = spawnUntilRefused(host);
            row.atMost("percent of a processor when limited", host.busyPercent(), 20, 1);
            System.out.printf("P21 memory of the host runs out: after %d procs%n", spawned);
            row.within(
                    RECOVERED,
                    TIMES,
                    round -> {
                        limit(host, true);
                        isRefused(host, "more." + round);
                        long start = System.nanoTime();
                        limit(host, false);
                        spawnAtLast(host, "relieved." + round);
                        Duration took = Duration.ofNanos(System.nanoTime() - start);
                        assertThat(reverse(worker)).isEqualTo("cba");
                        kill(host, "relieved." + round);
                        return took;
                    });
            await().atMost(RECOVERED) // a spawn without memory tries four times a second to say so
                    .until(() ->
                            host.list(here.client()).stream()
                                    .noneMatch(proc -> proc.state().equals("starting")));
            host.stop();
        }
    }

    private static void limit(HostProcess host, boolean limited) throws Exception {
        host.program().say(limited ? HostProgram.TAKE_MEMORY : HostProgram.GIVE_MEMORY);
        host.program().awaitLine(HostProgram.MEMORY);
    }

    /// How many procs there was memory for.
    private long spawnUntilRefused(HostProcess host) {
        for (int i = 0; i < SPAWNS_MAX; i++) {
            if (isRefused(host, "p." + i)) {
                return i;
            }
        }
        throw new AssertionError("never refused");
    }

    /// Whether a spawn is, and says why; or has no answer, for which there was no memory. It may
    /// also succeed, if it gets along with what there is.
    private boolean isRefused(HostProcess host, String name) {
        SpawnReply reply;
        try {
            reply = spawn(host, name);
        } catch (CompletionException e) {
            return true;
        }
        if (reply instanceof NotSpawned(Refusal refusal, String why)) {
            assertThat(why).containsAnyOf("heap space", "not ready", "native thread");
            assertThat(refusal).isIn(Refusal.NOT_LAUNCHED, Refusal.NOT_READY);
            return true;
        }
        return false;
    }

    private SpawnReply spawn(HostProcess host, String name) {
        return here.client()
                .request(
                        host.agent(),
                        (OncePortRef<SpawnReply> replyTo) ->
                                new HostAgentMessage.SpawnProc(name, replyTo),
                        ASK)
                .join();
    }

    private void spawnAtLast(HostProcess host, String name) {
        for (int i = 0; ; i++) {
            try {
                if (spawn(host, name + "." + i) instanceof Spawned) {
                    return;
                }
            } catch (CompletionException e) {
                // counts as time that it takes
            }
        }
    }

    private void kill(HostProcess host, String name) throws InterruptedException {
        for (HostAgentMessage.ProcInfo proc : host.list(here.client())) {
            if (proc.name().startsWith(name)) {
                here.client()
                        .ask(
                                host.agent(),
                                (OncePortRef<HostAgentMessage.EndReply> replyTo) ->
                                        new HostAgentMessage.KillProc(proc.name(), replyTo),
                                Patience.LIMIT);
            }
        }
    }

    private String reverse(ActorRef<Task> worker) throws InterruptedException {
        return here.client().ask(worker, to -> new Task.Reverse("abc", to), Patience.AT_ONCE);
    }
}
