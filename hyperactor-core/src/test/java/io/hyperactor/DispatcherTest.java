package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

final class DispatcherTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "test-" + COUNT.incrementAndGet();

    private Dispatcher dispatcher(int target) {
        return new Dispatcher(name, target, Duration.ofMillis(1), Thread::start, Thread::start);
    }

    /// This dispatcher's threads, the ticker too.
    private List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name + "-"))
                .toList();
    }

    /// Waits until only `target` workers, the ticker and perhaps a spare are left, and all sleep
    /// without a time-out.
    private void untilAsleep(int target) {
        Waiting.until(() ->
                threads().size() <= target + 2
                        && threads().stream().allMatch(t -> t.getState() == Thread.State.WAITING));
    }

    /// Shows that work from outside gets done.
    private static void assertWorks(Dispatcher dispatcher) {
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            dispatcher.execute(done::countDown);
        }
        Waiting.on(done);
    }

    @Test
    void allThatIsExecutedRunsOnce() {
        Dispatcher dispatcher = dispatcher(3);
        int count = 20_000;
        CountDownLatch done = new CountDownLatch(count);
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            dispatcher.execute(() -> {
                runs.incrementAndGet();
                done.countDown();
            });
        }
        Waiting.on(done);
        untilAsleep(3);
        assertThat(runs).hasValue(count);
    }

    @Test
    void anIdleDispatcherSleepsWithAllItsThreadsAndWakesForWork() {
        Dispatcher dispatcher = dispatcher(2);
        for (int i = 0; i < 5; i++) {
            assertWorks(dispatcher);
            untilAsleep(2);
        }
    }

    @Test
    void whatARunningActivationWakesRunsEvenIfItBlocksUnannounced() {
        Dispatcher dispatcher = dispatcher(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        dispatcher.execute(() -> {
            dispatcher.execute(woken::countDown); // into the slot
            Waiting.on(release);
        });
        Waiting.on(woken);
        release.countDown();
        assertWorks(dispatcher);
    }

    @Test
    void whatAnEndlessActivationWakesRunsAndOthersToo() {
        Dispatcher dispatcher = dispatcher(2);
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch woken = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            dispatcher.execute(() -> {
                dispatcher.execute(woken::countDown);
                while (!end.get()) {
                    Thread.onSpinWait();
                }
            });
        }
        Waiting.on(woken);
        assertWorks(dispatcher);
        end.set(true);
        backAt(dispatcher, 2);
    }

    @Test
    void anActivationThatAnnouncesThatItBlocksIsReplacedAtOnce() {
        Dispatcher dispatcher = dispatcher(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            dispatcher.execute(() -> {
                Dispatcher.blocking();
                Dispatcher.blocking(); // the second time changes nothing
                blocked.countDown();
                Waiting.on(release);
            });
        }
        Waiting.on(blocked);
        assertWorks(dispatcher);
        assertThat(dispatcher.workers.threads()).isGreaterThan(20);
        release.countDown();
        backAt(dispatcher, 1);
    }

    @Test
    void aRelievedActivationThatGoesOnStillWakesOthers() {
        Dispatcher dispatcher = dispatcher(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(10);
        dispatcher.execute(() -> {
            Dispatcher.blocking();
            for (int i = 0; i < 10; i++) {
                dispatcher.execute(woken::countDown);
            }
            Waiting.on(release);
        });
        Waiting.on(woken);
        release.countDown();
    }

    @Test
    void twoThatAlwaysWakeEachOtherDoNotKeepOthersFromRunning() {
        Dispatcher dispatcher = dispatcher(1);
        AtomicBoolean end = new AtomicBoolean();
        Runnable[] pair = new Runnable[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            pair[i] =
                    () -> {
                        if (!end.get()) {
                            dispatcher.execute(pair[other]);
                        }
                    };
        }
        dispatcher.execute(pair[0]);
        assertWorks(dispatcher);
        end.set(true);
    }

    @Test
    void aThousandBlockedActivationsLeaveRoomForOthersAndTheirThreadsGoAgain() {
        Dispatcher dispatcher = dispatcher(2);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1000);
        for (int i = 0; i < 1000; i++) {
            dispatcher.execute(() -> {
                blocked.countDown();
                Waiting.on(release);
            });
        }
        Waiting.on(blocked);
        assertWorks(dispatcher);

        release.countDown();
        backAt(dispatcher, 2);
    }

    private void backAt(Dispatcher dispatcher, int target) {
        untilAsleep(target);
        Waiting.until(
                () -> // a thread may also wait for a lock
                dispatcher.workers.active().length == target
                                && dispatcher.asleep() == target
                                && dispatcher.workers.spares() <= 1
                                && dispatcher.workers.threads()
                                        == target + dispatcher.workers.spares());
        assertWorks(dispatcher);
    }
}
