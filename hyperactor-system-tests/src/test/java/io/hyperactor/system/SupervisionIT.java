package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.HostException;
import io.hyperactor.host.Liveness;
import io.hyperactor.host.ProcEvent;
import io.hyperactor.host.ProcEvent.Change;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Fault rows P11, and P21 as far as it is about too many spawns: what a host says of procs that
/// are silent, and of those that it has no room for.
@SystemTest
@Tag("rows")
class SupervisionIT {
    private static final Duration SUSPECT_AFTER = Duration.ofMillis(500);
    private static final int PROCS_MAX = 3;
    private static final int STORM = 40;

    private final BlockingQueue<ProcEvent> events = new LinkedBlockingQueue<>();

    /// What happens to the proc `p` next; it must be of this kind.
    private <T extends Change> T next(Class<T> kind) throws InterruptedException {
        ProcEvent event = events.poll(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        if (!event.name().equals("p")) {
            return next(kind);
        }
        assertThat(event.change()).isInstanceOf(kind);
        return kind.cast(event.change());
    }

    @Test
    void p11AStoppedChildIsSuspectedAndRecovers() throws Exception {
        ProcSpec watched =
                ProcSpec.java(WorkerProc.class)
                        .withLiveness(
                                Liveness.DEFAULT.withTimes(Duration.ofMillis(50), SUSPECT_AFTER));
        try (Host<ProcAgentMessage> host =
                        Hosts.serve(ProcessProcManager.running(WorkerProc.class));
                Client client = host.systemProc().client("test")) {
            ReadyProc<ProcAgentMessage> neighbour = host.spawn("neighbour");
            ActorRef<Task> worker = client.spawn(neighbour.agent(), "w", Worker.TYPE);
            ReadyProc<ProcAgentMessage> proc = host.spawn("p", watched);
            ActorRef<Task> stopped = client.spawn(proc.agent(), "w", Worker.TYPE);
            Runnable endObserving = host.observe(events::add);
            AtomicReference<Duration> slowest = new AtomicReference<>(Duration.ZERO);
            new FaultRow("P11", "child stopped: suspected after its time, late by")
                    .within(
                            Duration.ofSeconds(1),
                            FaultRow.times(3, 20),
                            _ -> {
                                OsProcess process = OsProcess.of(proc.pid().orElseThrow());
                                Duration quiet = Neighbour.percentile(() -> ask(client, worker));
                                long start = System.nanoTime();
                                process.signal("STOP");
                                CompletableFuture<String> answer = request(client, stopped);
                                Duration silence = next(Change.Suspected.class).silence();
                                long suspected = System.nanoTime();
                                assertThat(silence).isGreaterThanOrEqualTo(SUSPECT_AFTER);
                                Duration beside = Neighbour.percentile(() -> ask(client, worker));
                                slowest.accumulateAndGet(
                                        beside.minus(quiet.multipliedBy(2)),
                                        (a, b) -> a.compareTo(b) > 0 ? a : b);
                                process.signal("CONT");
                                next(Change.Recovered.class);
                                assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("cba");
                                assertThat(proc.handle().exit()).isNotDone();
                                return Duration.ofNanos(suspected - start).minus(SUSPECT_AFTER);
                            });
            new FaultRow("P11", "the same: p99 of its neighbour beyond 2x")
                    .atMost("ms", slowest.get().toMillis(), 20, FaultRow.times(3, 20));
            endObserving.run();
            assertThat(events).noneMatch(event -> event.change() instanceof Change.Ended);
        }
    }

    /// Nobody in it answers any more: that is how it ends in good order.
    @Test
    void aProcThatDrainsIsNotKilledForItsSilence() throws Exception {
        Duration grace = Duration.ofSeconds(3);
        ProcSpec watched =
                ProcSpec.java(WorkerProc.class)
                        .withLiveness(
                                Liveness.DEFAULT
                                        .withTimes(Duration.ofMillis(50), SUSPECT_AFTER)
                                        .withKillAfter(grace.dividedBy(2)));
        try (Host<ProcAgentMessage> host =
                        Hosts.serve(ProcessProcManager.running(WorkerProc.class));
                Client client = host.systemProc().client("test")) {
            StopFaultsIT.blockAWorker(client, host.spawn("p", watched));
            long start = System.nanoTime();
            var _ = host.stop("p", grace, "test");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(grace);
        }
    }

    private static CompletableFuture<String> request(Client client, ActorRef<Task> worker) {
        return client.request(worker, to -> new Task.Reverse("abc", to), Patience.LIMIT);
    }

    private static String ask(Client client, ActorRef<Task> worker) throws InterruptedException {
        String answer =
                client.ask(worker, to -> new Task.Reverse("abc", to), Duration.ofSeconds(20));
        assertThat(answer).isEqualTo("cba");
        return answer;
    }

    @Test
    void p21SpawnsOverTheLimitAreRefusedAndTheOthersSucceed() throws Exception {
        HostConfig config = HostConfig.defaults().withProcsMax(PROCS_MAX, 2);
        try (Host<ProcAgentMessage> host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.running(WorkerProc.class),
                        config)) {
            new FaultRow("P21", "spawn storm over the limit: spawn after relief")
                    .within(
                            Duration.ofSeconds(1),
                            FaultRow.times(2, 20),
                            round -> {
                                long refusedBefore = host.refusedSpawns();
                                int room = PROCS_MAX - host.procs().size();
                                List<CompletableFuture<Boolean>> spawns = new ArrayList<>();
                                for (int i = 0; i < STORM; i++) {
                                    spawns.add(spawned(host, "p" + round + "-" + i));
                                }
                                long ready =
                                        spawns.stream().filter(CompletableFuture::join).count();
                                assertThat(ready).isEqualTo(room);
                                assertThat(host.refusedSpawns() - refusedBefore)
                                        .isEqualTo(STORM - room);
                                assertThat(host.procs()).hasSize(PROCS_MAX);

                                host.kill(host.procs().getFirst().procId().name());
                                long start = System.nanoTime();
                                host.spawn("relieved" + round);
                                Duration took = Duration.ofNanos(System.nanoTime() - start);
                                host.kill("relieved" + round);
                                return took;
                            });
        }
    }

    /// False if there is no room; anything else that goes wrong is thrown.
    private static CompletableFuture<Boolean> spawned(Host<?> host, String name) {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        host.spawn(name);
                        ready.complete(true);
                    } catch (HostException.LimitReached e) {
                        ready.complete(false);
                    } catch (Throwable e) {
                        ready.completeExceptionally(e);
                    }
                });
        return ready;
    }
}
