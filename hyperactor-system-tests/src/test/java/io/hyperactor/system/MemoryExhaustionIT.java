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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fault row P21, as [ExhaustionIT]: the heap of a host is full, but for what a few requests need,
/// and then procs take that. What a spawn cannot have is anything on its way, and may be the
/// answer: that comes when there is memory for it.
@SystemTest
@Tag("faults")
@Timeout(300)
class MemoryExhaustionIT {
    private static final Duration RECOVERED = Duration.ofSeconds(1);
    private static final Duration ASK = Duration.ofSeconds(2);
    private static final int TIMES = 20;
    private static final int SPAWNS_MAX = 100;

    @RegisterExtension private final Here here = new Here();
    private final List<CompletableFuture<SpawnReply>> unanswered = new ArrayList<>();

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
            await().atMost(RECOVERED) // a spawn without memory tries twice a second to say so
                    .until(() ->
                            host.list(here.client()).stream()
                                    .noneMatch(proc -> proc.state().equals("starting")));
            row.atMost("spawns that were never answered", never(), 0, 1);
            host.stop();
        }
    }

    private long never() {
        System.out.printf("P21 memory of the host runs out: %d answers late%n", unanswered.size());
        return unanswered.stream().filter(reply -> !isAnswered(reply)).count();
    }

    private static boolean isAnswered(CompletableFuture<SpawnReply> reply) {
        try {
            boolean _ = isRefused(reply.join());
            return true;
        } catch (CompletionException e) {
            System.out.println(e);
            return false;
        }
    }

    private static void limit(HostProcess host, boolean limited) throws Exception {
        host.program().say(limited ? HostProgram.TAKE_MEMORY : HostProgram.GIVE_MEMORY);
        host.program().awaitLine(HostProgram.MEMORY);
    }

    /// How many procs there was memory for.
    private long spawnUntilRefused(HostProcess host) throws Exception {
        for (int i = 0; i < SPAWNS_MAX; i++) {
            if (isRefused(host, "p." + i)) {
                return i;
            }
        }
        throw new AssertionError("never refused");
    }

    /// Whether a spawn is, and says why; or has no answer yet, for which there was no memory. It
    /// may also succeed, if it gets along with what there is.
    private boolean isRefused(HostProcess host, String name) throws Exception {
        CompletableFuture<SpawnReply> reply = spawn(host, name, Patience.LIMIT);
        try {
            return isRefused(reply.get(ASK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            unanswered.add(reply);
            return true;
        }
    }

    private static boolean isRefused(SpawnReply reply) {
        if (reply instanceof NotSpawned(Refusal refusal, String why)) {
            assertThat(why).containsAnyOf("heap space", "not ready", "native thread");
            assertThat(refusal).isIn(Refusal.NOT_LAUNCHED, Refusal.NOT_READY, Refusal.OTHER);
            return true;
        }
        return false;
    }

    private CompletableFuture<SpawnReply> spawn(HostProcess host, String name, Duration limit) {
        return here.client()
                .request(
                        host.agent(),
                        (OncePortRef<SpawnReply> replyTo) ->
                                new HostAgentMessage.SpawnProc(name, replyTo),
                        limit);
    }

    private void spawnAtLast(HostProcess host, String name) {
        for (int i = 0; ; i++) {
            try {
                if (spawn(host, name + "." + i, ASK).join() instanceof Spawned) {
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
