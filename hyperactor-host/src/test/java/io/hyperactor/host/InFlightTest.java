package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// In which order and how many at a time procs are ended, and what becomes of those behind others
/// that do not end.
@Timeout(60)
class InFlightTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<Integer> PROCS = IntStream.range(0, 40).boxed().toList();

    private final List<Integer> begun = new CopyOnWriteArrayList<>();

    private TerminateSummary all(int maxInFlight, Duration grace, InFlight.Ending<Integer> ending)
            throws InterruptedException {
        return InFlight.all(PROCS, maxInFlight, grace, ending, proc -> proc);
    }

    @Test
    void noMoreThanSoManyAreEndedAtATime() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch four = new CountDownLatch(4);
        TerminateSummary summary =
                all(
                        4,
                        LONG,
                        (_, _) -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            four.countDown();
                            four.await(); // they do run at the same time
                            return now.decrementAndGet();
                        });
        assertThat(most).hasValue(4);
        assertThat(summary).isEqualTo(new TerminateSummary(40, 40, 0));
    }

    @Test
    void theyAreEndedInTheirOrder() throws Exception {
        for (int atATime : new int[] {-1, 0, 1}) {
            begun.clear();
            var _ = all(atATime, LONG, (proc, _) -> begun.add(proc));
            assertThat(begun).isEqualTo(PROCS);
        }
    }

    @Test
    void oneThatEndsMakesRoomForTheNext() throws Exception {
        Semaphore ends = new Semaphore(0);
        CompletableFuture<TerminateSummary> summary = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        summary.complete(
                                all(
                                        2,
                                        LONG,
                                        (proc, _) -> {
                                            begun.add(proc);
                                            ends.acquire();
                                            return proc;
                                        }));
                    } catch (InterruptedException e) {
                        summary.completeExceptionally(e);
                    }
                });
        for (int ended = 0; ended <= PROCS.size() - 2; ended++) {
            int expected = ended + 2;
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(PATIENCE)
                    .until(() -> begun.size() == expected);
            ends.release();
        }
        ends.release();
        assertThat(summary).succeedsWithin(PATIENCE);
    }

    @Test
    void whenHalfOfTheGraceIsOverAllAreAskedAndHaveTheOtherHalf() throws Exception {
        Duration grace = Duration.ofSeconds(2);
        CountDownLatch all = new CountDownLatch(PROCS.size());
        List<Duration> left = new CopyOnWriteArrayList<>();
        var _ =
                all(
                        1,
                        grace,
                        (_, its) -> {
                            left.add(its);
                            all.countDown();
                            all.await(); // none ends before all are asked
                            return its;
                        });
        assertThat(left).hasSize(PROCS.size());
        assertThat(left.getFirst()).isGreaterThan(grace.dividedBy(2));
        // a machine that is busy may take its time between the half and the last
        assertThat(left.get(1)).isBetween(Duration.ZERO, grace.dividedBy(2));
    }

    @Test
    void withoutGraceThoseBehindOneThatDoesNotEndAreKilledSoon() throws Exception {
        CountDownLatch all = new CountDownLatch(PROCS.size());
        var _ =
                all(
                        1,
                        Duration.ZERO,
                        (_, left) -> {
                            assertThat(left).isEqualTo(Duration.ZERO);
                            all.countDown();
                            all.await();
                            return left;
                        });
        assertThat(all.getCount()).isZero();
    }

    @Test
    void eachIsCountedOnceWhateverBecomesOfIt() throws Exception {
        TerminateSummary summary =
                all(
                        3,
                        LONG,
                        (proc, _) ->
                                switch (proc % 4) {
                                    case 0 -> proc;
                                    case 1 ->
                                            throw new TerminateException.AlreadyTerminated(
                                                    new ProcExit.Exited(0));
                                    case 2 -> throw new TerminateException.Io("it is frozen");
                                    default -> throw new InternalError("as it may");
                                });
        assertThat(summary).isEqualTo(new TerminateSummary(40, 20, 20));
    }

    @Test
    void theyGoOnWhenTheCallerIsInterrupted() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                var _ =
                                        all(
                                                1,
                                                LONG,
                                                (proc, _) -> {
                                                    goOn.await();
                                                    return begun.add(proc);
                                                });
                                interrupted.complete(false);
                            } catch (InterruptedException e) {
                                interrupted.complete(true);
                            }
                        });
        caller.interrupt();
        assertThat(interrupted).succeedsWithin(PATIENCE).isEqualTo(true);
        goOn.countDown();
        await().atMost(PATIENCE).until(() -> begun.size() == PROCS.size());
    }
}
