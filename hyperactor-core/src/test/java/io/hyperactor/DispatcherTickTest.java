package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// What the ticker sees to, one look at a time.
final class DispatcherTickTest {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long TICK = 800_000;

    private static Dispatcher untickedDispatcher(int target) {
        return new Dispatcher(
                "test-tick-" + COUNT.incrementAndGet(),
                target,
                Duration.ofSeconds(10),
                Thread::start,
                _ -> {});
    }

    private static void fromOutside(Runnable call) {
        Waiting.get(
                Waiting.inBackground(() -> {
                    call.run();
                    return true;
                }));
    }

    @Test
    void whatWaitsBehindAnActivationThatWaitsRunsAtTheFirstLook() {
        Dispatcher dispatcher = untickedDispatcher(1);
        AtomicReference<Thread> blocked = new AtomicReference<>();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        dispatcher.execute(() -> {
            dispatcher.execute(other::countDown); // into the slot
            blocked.set(Thread.currentThread());
            Waiting.on(release);
        });
        Waiting.until(() ->
                blocked.get() != null && blocked.get().getState() == Thread.State.TIMED_WAITING);
        assertThat(other.getCount()).isOne();

        dispatcher.ticker.look();
        Waiting.on(other);
        release.countDown();
    }

    @Test
    void whatWaitsBehindAnActivationThatRunsOnRunsAtTheSecondLook() {
        Dispatcher dispatcher = untickedDispatcher(1);
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch other = new CountDownLatch(1);
        dispatcher.execute(() -> {
            running.countDown();
            while (!end.get()) {
                Thread.onSpinWait();
            }
        });
        Waiting.on(running);
        dispatcher.execute(other::countDown);
        dispatcher.ticker.look();
        Waiting.until(() -> dispatcher.workers.spares() == 1); // in advance
        assertThat(other.getCount()).isOne();

        dispatcher.ticker.look();
        Waiting.on(other);
        end.set(true);
    }

    @Test
    void whoTakesThePlaceOfABlockedOneAndBlocksTooIsRelievedAtAGlance() {
        Dispatcher dispatcher = untickedDispatcher(1);
        List<Blocker> blockers = List.of(new Blocker(), new Blocker(), new Blocker());
        CountDownLatch other = new CountDownLatch(1);
        dispatcher.execute(blockers.getFirst());
        blockers.getFirst().awaitBlocked();
        blockers.stream().skip(1).forEach(dispatcher::execute);
        dispatcher.execute(other::countDown);
        long calm = dispatcher.ticker.pauseNanos();
        dispatcher.ticker.glance(); // nobody was relieved, so it does not look
        assertThat(blockers.get(1).blocked.getCount()).isOne();

        dispatcher.ticker.look();
        for (Blocker next : blockers.subList(1, 3)) {
            assertThat(dispatcher.ticker.pauseNanos()).isLessThan(calm);
            next.awaitBlocked();
            dispatcher.ticker.glance();
        }
        Waiting.on(other);
        dispatcher.ticker.glance();
        assertThat(dispatcher.ticker.pauseNanos()).isEqualTo(calm);
        blockers.forEach(each -> each.release.countDown());
    }

    @Test
    void theMoreWaitBehindLongBatchesTheShorterTheseGet() {
        Dispatcher dispatcher = untickedDispatcher(1);
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean end = new AtomicBoolean();
        dispatcher.execute(() -> {
            running.countDown();
            while (!end.get()) {
                Thread.onSpinWait();
            }
        });
        Waiting.on(running);
        CountDownLatch all = new CountDownLatch(1000);
        queue(dispatcher, all, 6);
        assertThat(dispatcher.ticker.batchNanos(TICK)).isEqualTo(Dispatcher.ENDLESS);
        queue(dispatcher, all, 44);
        assertThat(dispatcher.ticker.batchNanos(TICK)).isEqualTo(100_000);
        queue(dispatcher, all, 950);
        assertThat(dispatcher.ticker.batchNanos(TICK)).isEqualTo(20_000); // not less
        end.set(true);
        Waiting.on(all);
    }

    private static void queue(Dispatcher dispatcher, CountDownLatch all, int count) {
        for (int i = 0; i < count; i++) {
            dispatcher.execute(all::countDown);
        }
    }

    /// What hops on in a slot is none of those that wait, however often it does.
    @Test
    void aHotPairDoesNotHideThatTheOthersAreSlow() {
        Dispatcher dispatcher = untickedDispatcher(1);
        CountDownLatch hops = new CountDownLatch(1000);
        AtomicBoolean end = new AtomicBoolean();
        Runnable spins =
                () -> {
                    while (!end.get()) {
                        Thread.onSpinWait();
                    }
                };
        dispatcher.execute(
                new Runnable() {
                    @Override
                    public void run() {
                        hops.countDown();
                        dispatcher.execute(hops.getCount() > 0 ? this : spins);
                    }
                });
        Waiting.on(hops);
        CountDownLatch all = new CountDownLatch(50);
        queue(dispatcher, all, 50);
        assertThat(dispatcher.ticker.batchNanos(TICK)).isLessThan(TICK);
        end.set(true);
        Waiting.on(all);
    }

    @Test
    void shortBatchesAreLeftAsTheyAre() {
        Dispatcher dispatcher = untickedDispatcher(1);
        CountDownLatch many = new CountDownLatch(100);
        queue(dispatcher, many, 100);
        Waiting.on(many);
        Blocker blocker = new Blocker();
        dispatcher.execute(blocker);
        blocker.awaitBlocked();
        CountDownLatch waiting = new CountDownLatch(100);
        queue(dispatcher, waiting, 100);
        assertThat(dispatcher.ticker.batchNanos(TICK)).isEqualTo(Dispatcher.ENDLESS);
        blocker.release.countDown();
        Waiting.on(waiting);
    }

    @Test
    void whoWaitsIsLeftAloneWhileNoWorkDoes() {
        Dispatcher dispatcher = untickedDispatcher(1);
        Blocker blocker = new Blocker();
        dispatcher.execute(blocker);
        Waiting.on(blocker.blocked);
        for (int i = 0; i < 3; i++) {
            dispatcher.ticker.look();
        }
        Waiting.until(() -> dispatcher.workers.spares() == 1);
        assertThat(dispatcher.workers.threads()).isEqualTo(2);
        blocker.release.countDown();
    }

    /// An activation that blocks until it is released, and counts how often it was told.
    private static final class Blocker implements StuckWatch.Watched {
        final CountDownLatch blocked = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final List<Long> told = new CopyOnWriteArrayList<>();
        private volatile Thread thread = Thread.currentThread();

        void awaitBlocked() {
            Waiting.on(blocked);
            Waiting.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            blocked.countDown();
            Waiting.on(release);
        }

        @Override
        public long stuckAfterNanos() {
            return 10;
        }

        @Override
        public void lasts(long nanos, Thread thread) {
            told.add(nanos);
        }
    }

    @Test
    void whatDoesNotEndIsToldWhereverItRuns() {
        Dispatcher dispatcher = untickedDispatcher(1);
        Blocker relieved = new Blocker();
        Blocker active = new Blocker();
        dispatcher.execute(relieved);
        Waiting.on(relieved.blocked);
        dispatcher.execute(active);
        for (int i = 0; i < 2; i++) {
            dispatcher.ticker.look();
        }
        Waiting.on(active.blocked);
        assertThat(dispatcher.ticker.lookForStuck(0)).isTrue();
        assertThat(dispatcher.ticker.lookForStuck(9)).isTrue();
        assertThat(relieved.told).isEmpty();
        assertThat(dispatcher.ticker.lookForStuck(10)).isTrue();
        assertThat(relieved.told).containsExactly(10L);
        assertThat(active.told).containsExactly(10L);
        relieved.release.countDown();
        active.release.countDown();
        Waiting.until(() -> !dispatcher.ticker.lookForStuck(11));
        assertThat(active.told).hasSize(1);
    }

    @Test
    void whoeverRunsIsAskedToLetOthersInAtEachLookForWhatIsStuck() {
        Dispatcher dispatcher = untickedDispatcher(1);
        int before = dispatcher.turn();
        boolean _ = dispatcher.ticker.lookForStuck(0);
        assertThat(dispatcher.turn()).isNotEqualTo(before);
    }

    @Test
    void aSpareThatWasUsedIsReplaced() {
        Dispatcher dispatcher = untickedDispatcher(1);
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            CountDownLatch blocked = new CountDownLatch(1);
            dispatcher.execute(() -> {
                blocked.countDown();
                Dispatcher.blocking();
                Waiting.on(release);
            });
            Waiting.on(blocked);
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            dispatcher.execute(() -> {
                busy.countDown();
                Waiting.on(end);
            });
            Waiting.on(busy);
            dispatcher.ticker.look();
            Waiting.until(() -> dispatcher.workers.spares() == 1);
            end.countDown();
        }
        release.countDown();
    }

    /// The spare may have lain down again by then, before whoever relieved is done.
    @Test
    void workThatComesWhileASpareTakesAPlaceRunsWithoutALook() {
        Dispatcher dispatcher = untickedDispatcher(1);
        for (int i = 0; i < 500; i++) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch ran = new CountDownLatch(1);
            dispatcher.execute(() -> {
                begun.countDown();
                Dispatcher.blocking();
                Waiting.on(ran);
            });
            Waiting.on(begun);
            dispatcher.execute(ran::countDown);
            Waiting.on(ran);
        }
    }

    @Test
    void theTurnChangesOnlyWhenWorkWaits() {
        Dispatcher dispatcher = untickedDispatcher(1);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        int before = dispatcher.turn();
        dispatcher.ticker.look();
        dispatcher.execute(() -> {
            busy.countDown();
            Waiting.on(end);
        });
        Waiting.on(busy);
        dispatcher.ticker.look();
        assertThat(dispatcher.turn()).isEqualTo(before);

        dispatcher.execute(() -> {});
        dispatcher.ticker.look();
        assertThat(dispatcher.turn()).isNotEqualTo(before);
        end.countDown();
    }

    @Test
    void twoThatWakeEachOtherLetOthersInWhenTheTurnChanges() {
        Dispatcher dispatcher = untickedDispatcher(1);
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        Runnable[] pair = new Runnable[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            pair[i] =
                    () -> {
                        order.add("pair");
                        if (order.size() == 5) {
                            fromOutside(() -> dispatcher.execute(() -> order.add("other")));
                            dispatcher.ticker.look();
                        }
                        if (order.size() < 20) {
                            dispatcher.execute(pair[other]);
                        } else {
                            done.countDown();
                        }
                    };
        }
        dispatcher.execute(pair[0]);
        Waiting.on(done);
        assertThat(order.indexOf("other")).isEqualTo(5);
    }

    @Test
    void aBatchOfMessagesEndsWhenTheTurnChanges() {
        Dispatcher dispatcher = untickedDispatcher(1);
        assertLetsOthersIn(dispatcher, dispatcher.ticker::look, 6);
    }

    @Test
    void aBatchOfMessagesEndsWhenItHasLastedAsLongAsItMay() {
        Dispatcher dispatcher = untickedDispatcher(1);
        dispatcher.batchesLast(0);
        assertLetsOthersIn(dispatcher, () -> {}, 7); // the lane and the slot take turns
    }

    /// An actor with many messages, after one that another actor has to do with.
    private static void assertLetsOthersIn(Dispatcher dispatcher, Runnable meanwhile, int atMost) {
        try (Scene scene =
                new Scene(Proc.local("scene", new OwnProcess(Clockwork.REAL, dispatcher)))) {
            List<String> order = new ArrayList<>(); // one worker
            CountDownLatch queued = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            ActorRef<Work> other = scene.spawn("other", (cx, message) -> order.add("other")).ref();
            ActorRef<Work> busy =
                    scene.spawn(
                                    "busy",
                                    (cx, message) -> {
                                        long value = ((Work.Item) message).value();
                                        if (value == 0) {
                                            Waiting.on(queued);
                                        }
                                        order.add("busy");
                                        if (value == 5) {
                                            cx.send(other, message); // into the worker's slot
                                            meanwhile.run();
                                        }
                                        if (value == 39) {
                                            done.countDown();
                                        }
                                    })
                            .ref();
            Waiting.until(() -> dispatcher.asleep() == 1); // both have begun
            scene.count(busy, 0, 40);
            queued.countDown();
            Waiting.on(done);
            assertThat(order.indexOf("other")).isBetween(6, atMost);
        }
    }

    @Test
    void whoIsWaitedForRunsBeforeThoseThatHaveNotBegun() {
        int senders = 200;
        Dispatcher dispatcher = untickedDispatcher(1);
        OwnProcess process = new OwnProcess(Clockwork.REAL, dispatcher);
        Proc alone = Proc.local("scene", process);
        ProcConfig config = ProcConfig.defaults().withMailboxMaxMessages(1);
        try (Scene scene = new Scene(Proc.configured(alone.id(), alone, config, process))) {
            AtomicInteger begun = new AtomicInteger();
            AtomicInteger before = new AtomicInteger();
            CountDownLatch handled = new CountDownLatch(1 + senders);
            ActorRef<Work> sink =
                    scene.spawn(
                                    "sink",
                                    (cx, message) -> {
                                        before.compareAndSet(0, begun.get());
                                        handled.countDown();
                                    })
                            .ref();
            List<ActorRef<Work>> all = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                Actor<Work> sender =
                        (cx, message) -> {
                            begun.incrementAndGet();
                            cx.send(sink, message);
                        };
                all.add(scene.spawn("sender-" + i, sender).ref());
            }
            Waiting.until(() -> dispatcher.asleep() == 1); // all have started
            Blocker blocker = new Blocker();
            dispatcher.execute(blocker);
            Waiting.on(blocker.blocked);
            all.forEach(sender -> scene.count(sender, 0, 1));
            scene.count(sink, 0, 1); // behind them all
            dispatcher.nextTurn();
            blocker.release.countDown();
            Waiting.on(handled);
            assertThat(before.get()).isLessThan(senders);
        }
    }

    @Test
    void anActivationThatRequeuesItselfWakesNobody() {
        Dispatcher dispatcher = untickedDispatcher(2);
        Waiting.until(() -> dispatcher.asleep() == 2);
        CountDownLatch done = new CountDownLatch(10_000);
        dispatcher.execute(
                new Runnable() {
                    @Override
                    public void run() {
                        done.countDown();
                        if (done.getCount() > 0) {
                            dispatcher.requeue(this);
                        }
                    }
                });
        Waiting.on(done);
        assertThat(dispatcher.wakeUps()).isOne();
    }

    @Test
    void workThatWaitsWhileSomebodySleepsIsNoticedAtALook() {
        Dispatcher dispatcher = untickedDispatcher(2);
        for (int i = 0; i < 200; i++) {
            CountDownLatch done = new CountDownLatch(2);
            dispatcher.execute(done::countDown);
            dispatcher.execute(done::countDown);
            dispatcher.ticker.look();
            Waiting.on(done);
        }
    }
}
