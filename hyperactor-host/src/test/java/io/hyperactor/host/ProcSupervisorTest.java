package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperactor.host.ProcEvent.Change;
import io.hyperactor.host.ScriptedManager.Scripted;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.InvalidNameException;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// The order in which a host tells what happens to its procs, and what it makes of ends at any
/// moment.
@Timeout(120)
class ProcSupervisorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ExitReport KILLED = ScriptedManager.KILLED;
    private static final ProcSpec ONCE = ProcSpec.command(List.of("scripted"));
    private static final ProcSpec ALWAYS =
            ONCE.withRestart(
                    RestartPolicy.PERMANENT
                            .withPauses(Duration.ofNanos(1), Duration.ofNanos(1))
                            .withBudget(1_000_000, Duration.ofHours(1)));

    private final List<String> told = new CopyOnWriteArrayList<>();
    private ScriptedManager manager;
    private Host<EchoMessage> host;

    private void serve(ScriptedManager with) {
        HostConfig config = HostConfig.defaults().withSpawnReadyTimeout(Duration.ZERO);
        manager = with;
        host = Host.bind(ChannelAddress.any(Transport.LOCAL), manager, config);
        var _ = host.observe(event -> told.add(event.change().getClass().getSimpleName()));
    }

    @AfterEach
    void close() {
        host.close();
    }

    private CompletableFuture<ReadyProc<EchoMessage>> spawn(ProcSpec spec) {
        CompletableFuture<ReadyProc<EchoMessage>> spawned = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> complete(spawned, () -> host.spawn("p", spec)));
        return spawned;
    }

    private interface Work<T> {
        T get() throws InterruptedException;
    }

    private static <T> void complete(CompletableFuture<T> result, Work<T> work) {
        try {
            result.complete(work.get());
        } catch (RuntimeException | InterruptedException e) {
            result.completeExceptionally(e);
        }
    }

    private void awaitTold(String what) {
        await().atMost(PATIENCE).until(() -> told.contains(what));
    }

    @Test
    void aNameIsFreeWhenItsEndIsTold() throws Exception {
        serve(new ScriptedManager(Scripted::becomesReady));
        CompletableFuture<Optional<?>> found = new CompletableFuture<>();
        CompletableFuture<ReadyProc<EchoMessage>> spawned = new CompletableFuture<>();
        var stop =
                host.observe(event -> {
                    if (event.change() instanceof Change.Ended && !found.isDone()) {
                        found.complete(host.find("p"));
                        complete(spawned, () -> host.spawn("p"));
                    }
                });
        var _ = host.spawn("p");
        manager.next().ends(KILLED);

        assertThat(found).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
        assertThat(spawned).succeedsWithin(PATIENCE);
        stop.run();
    }

    @Test
    void aProcIsNeverReadyAfterItsEndHoweverSoonThatComes() throws Exception {
        int lives = 500;
        AtomicInteger spawned = new AtomicInteger();
        serve(
                new ScriptedManager(proc -> {
                    proc.becomesReady();
                    if (spawned.getAndIncrement() > 0) {
                        Thread.ofVirtual().start(() -> proc.ends(KILLED));
                    }
                }));
        var _ = host.spawn("p", ALWAYS); // one that is not ready is not restarted
        manager.next().ends(KILLED);
        await().atMost(PATIENCE)
                .until(() -> told.stream().filter("Ended"::equals).count() >= lives);
        host.close();

        List<String> history = List.copyOf(told);
        for (int i = 1; i < history.size(); i++) {
            List<String> before =
                    switch (history.get(i)) {
                        case "Started" -> List.of("Restarting");
                        case "Ready" -> List.of("Started");
                        case "Ended" -> List.of("Started", "Ready");
                        case "NotReady" -> List.of("Ended", "Restarting");
                        default -> List.of("Ended", "NotReady", "Restarting");
                    };
            assertThat(before)
                    .as("before event %d, %s", i, history.get(i))
                    .contains(history.get(i - 1));
        }
    }

    @Test
    void aRestartThatIsRefusedIsCountedAsASpawnIs() throws Exception {
        AtomicInteger spawned = new AtomicInteger();
        serve(
                new ScriptedManager(proc -> {
                    if (spawned.getAndIncrement() % 3 > 0) {
                        throw new HostException.ProcessSpawnFailure(
                                proc.procId(), new IOException("no room"));
                    }
                    proc.becomesReady();
                }));
        var _ = host.spawn("p", ALWAYS);
        manager.next().ends(KILLED);
        await().atMost(PATIENCE).until(() -> spawned.get() == 4 && host.find("p").isPresent());

        assertThat(host.refusals()).containsEntry(Refusal.NOT_LAUNCHED, 2L);
        assertThat(host.restarts()).isEqualTo(3);
        assertThat(told.stream().filter("NotReady"::equals)).hasSize(2);
    }

    @Test
    void aSpawnWithoutMemoryFailsAloneAndIsCounted() throws Exception {
        AtomicInteger spawned = new AtomicInteger();
        serve(
                new ScriptedManager(proc -> {
                    if (spawned.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("Java heap space");
                    }
                    proc.becomesReady();
                }));
        assertThat(spawn(ONCE))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(HostException.ProcessSpawnFailure.class)
                .withMessageContaining("Java heap space");
        assertThat(host.refusals()).containsEntry(Refusal.NOT_LAUNCHED, 1L);
        assertThat(host.spawn("p")).isNotNull();
    }

    @Test
    void aProcThatCannotBeEndedKeepsItsNameUntilItHasEnded() throws Exception {
        serve(new ScriptedManager(Scripted::freezes));
        var spawn = spawn(ONCE.withReadyTimeout(Duration.ofMillis(10)));
        assertThat(spawn)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(HostException.ProcessConfigurationFailure.class)
                .satisfies(e ->
                        assertThat(e.getSuppressed())
                                .hasOnlyElementsOfType(TerminateException.Io.class));
        assertThatThrownBy(() -> host.spawn("p")).isInstanceOf(HostException.ProcExists.class);
        assertThat(host.find("p")).isEmpty();
        assertThatThrownBy(() -> host.kill("p")).isInstanceOf(TerminateException.Io.class);

        manager.next().ends(KILLED);
        awaitTold("Ended");
        assertThat(told).containsExactly("Started", "NotReady", "Ended");
        assertThat(host.views()).isEmpty();
    }

    @Test
    void aSpawnThatIsInterruptedWaitsUntilItsProcHasEndedHoweverOftenItIsInterrupted()
            throws Exception {
        serve(new ScriptedManager());
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<ReadyProc<EchoMessage>> spawned = new CompletableFuture<>();
        Thread spawner =
                Thread.ofPlatform()
                        .start(() -> {
                            complete(spawned, () -> host.spawn("p", ONCE));
                            interrupted.complete(Thread.currentThread().isInterrupted());
                        });
        Scripted proc = manager.next();
        spawner.interrupt();
        proc.awaitKill();
        for (int i = 2; i <= 4; i++) {
            int kills = i;
            spawner.interrupt();
            await().atMost(PATIENCE).until(() -> proc.kills() == kills);
        }
        assertThat(spawned).isNotDone();
        assertThat(host.views()).hasSize(1);

        proc.ends(KILLED);
        assertThat(spawned)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(interrupted).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(host.views()).isEmpty();
    }

    @Test
    void aHostThatIsClosedMeanwhileFailsTheSpawnWithThatAndSaysHowItsProcEnded() throws Exception {
        serve(new ScriptedManager());
        var spawn = spawn(ONCE);
        Scripted proc = manager.next();
        awaitTold("Started");
        host.close();
        proc.ends(KILLED);
        assertThat(spawn)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(HostException.Closed.class)
                .withMessageContaining("killed by signal 9")
                .havingRootCause()
                .isInstanceOfSatisfying(
                        ReadyException.Terminal.class,
                        why -> assertThat(why.exit()).isEqualTo(KILLED.exit()));
    }

    @Test
    void aSpawnThatIsEndedWhileItWaitsForItsTurnSaysSoAtOnce() throws Exception {
        serve(new ScriptedManager());
        host.close();
        HostConfig oneAtATime = HostConfig.defaults().withProcsMax(10, 1);
        host = Host.bind(ChannelAddress.any(Transport.LOCAL), manager, oneAtATime);
        CompletableFuture<ReadyProc<EchoMessage>> first = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> complete(first, () -> host.spawn("first")));
        Scripted inTheWay = manager.next();
        var second = spawn(ONCE); // waits for its turn
        await().atMost(PATIENCE).until(() -> host.views().size() == 2);

        assertThat(host.kill("p")).isInstanceOf(ProcExit.NeverStarted.class);
        assertThat(second)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(HostException.Closed.class);
        assertThat(first).isNotDone();
        inTheWay.becomesReady();
        assertThat(first).succeedsWithin(PATIENCE);
    }

    @Test
    void whoRacesForTheLastPlaceDoesNotKeepItFromEverybody() throws Exception {
        serve(new ScriptedManager(Scripted::becomesReady));
        host.close();
        HostConfig onePlace = HostConfig.defaults().withProcsMax(1, 10);
        host = Host.bind(ChannelAddress.any(Transport.LOCAL), manager, onePlace);
        for (int i = 0; i < 1_000; i++) {
            CountDownLatch go = new CountDownLatch(1);
            List<CompletableFuture<ReadyProc<EchoMessage>>> racers = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                CompletableFuture<ReadyProc<EchoMessage>> racer = new CompletableFuture<>();
                Thread.ofVirtual()
                        .start(() ->
                                complete(
                                        racer,
                                        () -> {
                                            go.await();
                                            return host.spawn(name);
                                        }));
                racers.add(racer);
            }
            go.countDown();
            racers.forEach(racer -> racer.handle((_, _) -> "done").join());
            assertThat(racers.stream().filter(racer -> !racer.isCompletedExceptionally()))
                    .as("who got the place in race %d", i)
                    .hasSize(1);
            manager.next().ends(KILLED);
        }
        assertThat(host.refusedSpawns()).isEqualTo(2_000);
    }

    @Test
    void whoStopsAProcThatHasEndedIsToldHowItDid() throws Exception {
        serve(new ScriptedManager(Scripted::becomesReady));
        var _ = host.spawn("p");
        ExitReport report =
                new ExitReport(new ProcExit.Exited(5), Optional.empty(), List.of("why"));
        manager.next().ends(report);
        assertThat(host.stop("p", PATIENCE, "test")).isEqualTo(report.exit());
        assertThat(host.kill("p")).isEqualTo(report.exit());
        assertThat(host.endings())
                .singleElement()
                .satisfies(proc -> {
                    assertThat(proc.name()).isEqualTo("p");
                    assertThat(proc.report()).isEqualTo(report);
                });
        assertThatThrownBy(() -> host.kill("q")).isInstanceOf(HostException.NoSuchProc.class);

        var _ = host.spawn("p");
        assertThat(host.endings()).isEmpty(); // the name is in use
        manager.next().ends(KILLED);
        assertThat(host.kill("p")).isEqualTo(KILLED.exit());
    }

    @Test
    void theEndsOfTheLast64AreRemembered() throws Exception {
        serve(new ScriptedManager(Scripted::becomesReady));
        for (int i = 0; i < EndedProc.REMEMBERED_MAX + 1; i++) {
            var _ = host.spawn("p" + i);
            manager.next().ends(KILLED);
        }
        assertThat(host.endings()).hasSize(EndedProc.REMEMBERED_MAX);
        assertThat(host.endings().getFirst().name()).isEqualTo("p" + EndedProc.REMEMBERED_MAX);
        assertThat(host.kill("p1")).isEqualTo(KILLED.exit());
        assertThatThrownBy(() -> host.kill("p0")).isInstanceOf(HostException.NoSuchProc.class);
    }

    @Test
    void whoStopsAProcThatIsRestartedIsToldHowThatLifeEnded() throws Exception {
        serve(new ScriptedManager());
        var first = spawn(ALWAYS);
        Scripted life = manager.next();
        life.becomesReady();
        assertThat(first).succeedsWithin(PATIENCE);
        life.ends(KILLED);
        Scripted again = manager.next(); // and not ready
        CompletableFuture<ProcExit> stopped = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> complete(stopped, () -> host.stop("p", PATIENCE, "test")));
        again.awaitKill();
        again.ends(ExitReport.of(new ProcExit.Exited(7)));
        assertThat(stopped).succeedsWithin(PATIENCE).isEqualTo(new ProcExit.Exited(7));
        assertThat(host.views()).isEmpty();
    }

    @Test
    void whatIsRefusedIsCountedByItsReason() throws Exception {
        serve(new ScriptedManager(Scripted::becomesReady));
        host.close();
        HostConfig two = HostConfig.defaults().withProcsMax(2, 10);
        host = Host.bind(ChannelAddress.any(Transport.LOCAL), manager, two);
        var _ = host.spawn("a");
        var _ = host.spawn("b");
        assertThat(host.refusals().values()).containsOnly(0L);

        assertThatThrownBy(() -> host.spawn("c")).isInstanceOf(HostException.LimitReached.class);
        assertThatThrownBy(() -> host.spawn("a")).isInstanceOf(HostException.ProcExists.class);
        assertThatThrownBy(() -> host.spawn("local")).isInstanceOf(HostException.ProcExists.class);
        assertThatThrownBy(() -> host.kill("c")).isInstanceOf(HostException.NoSuchProc.class);
        assertThatThrownBy(() -> host.spawn("a/b")).isInstanceOf(InvalidNameException.class);
        Scripted a = manager.next();
        a.freezes();
        assertThatThrownBy(() -> host.kill("a")).isInstanceOf(TerminateException.Io.class);
        a.ends(KILLED);
        host.close();
        assertThatThrownBy(() -> host.spawn("d")).isInstanceOf(HostException.Closed.class);

        Map<Refusal, Long> refusals = new EnumMap<>(host.refusals());
        refusals.values().removeIf(count -> count == 0);
        assertThat(refusals)
                .containsOnly(
                        Map.entry(Refusal.LIMIT_REACHED, 1L),
                        Map.entry(Refusal.PROC_EXISTS, 2L),
                        Map.entry(Refusal.NO_SUCH_PROC, 1L),
                        Map.entry(Refusal.INVALID_NAME, 1L),
                        Map.entry(Refusal.NOT_ENDED, 1L),
                        Map.entry(Refusal.CLOSED, 1L));
    }
}
