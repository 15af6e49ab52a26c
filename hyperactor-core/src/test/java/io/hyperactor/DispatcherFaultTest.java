package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// What an activation does to the threads that run it.
final class DispatcherFaultTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "test-fault-" + COUNT.incrementAndGet();

    private List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name + "-"))
                .toList();
    }

    @Test
    void aThrowingActivationCostsNoThread() {
        Dispatcher dispatcher =
                new Dispatcher(name, 2, Duration.ofMillis(1), Thread::start, Thread::start);
        CountDownLatch thrown = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            dispatcher.execute(() -> {
                thrown.countDown();
                throw new AssertionError("on purpose");
            });
        }
        Waiting.on(thrown);
        CountDownLatch meeting = new CountDownLatch(2); // needs both workers at once
        for (int i = 0; i < 2; i++) {
            dispatcher.execute(() -> {
                meeting.countDown();
                Waiting.on(meeting);
            });
        }
        Waiting.on(meeting);
        Waiting.until(() -> dispatcher.asleep() == 2 && dispatcher.workers.active().length == 2);
    }

    @Test
    void anInterruptThatAnActivationLeavesBehindEndsWithIt() {
        Dispatcher dispatcher =
                new Dispatcher(name, 1, Duration.ofMillis(1), Thread::start, Thread::start);
        for (int i = 0; i < 100; i++) {
            CountDownLatch next = new CountDownLatch(1);
            AtomicBoolean inherited = new AtomicBoolean();
            dispatcher.execute(() -> Thread.currentThread().interrupt());
            dispatcher.execute(() -> {
                inherited.set(Thread.currentThread().isInterrupted());
                next.countDown();
            });
            Waiting.on(next);
            assertThat(inherited).isFalse();
        }
        dispatcher.execute(() -> Thread.currentThread().interrupt());
        Waiting.until( // an interrupted thread would spin instead
                () -> threads().stream().allMatch(t -> t.getState() == Thread.State.WAITING));
    }

    @Test
    void whatIsWokenJustWhenItsWakerIsRelievedIsNotStranded() {
        Dispatcher dispatcher = new Dispatcher(name, 1);
        AtomicReference<Worker> waker = new AtomicReference<>();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        dispatcher.execute(() -> {
            waker.set((Worker) Thread.currentThread());
            blocked.countDown();
            Waiting.on(release);
        });
        Waiting.on(blocked);
        dispatcher.relieve(waker.get()); // as the ticker does, after the waker looked
        CountDownLatch woken = new CountDownLatch(1);
        dispatcher.executeNext(waker.get(), woken::countDown);
        Waiting.on(woken);
        release.countDown();
    }

    @Test
    void aWorkerThatIsRelievedJustWhenItIsWokenLeavesItsWorkToAnother() {
        for (int i = 0; i < 20; i++) {
            CountDownLatch done = new CountDownLatch(1);
            relieveTheFirstAsItWakesUp(done);
            Waiting.on(done);
        }
    }

    /// As the ticker does when it comes late: its replacement sleeps already, and then it is woken
    /// for work before it learns that it has been relieved.
    private void relieveTheFirstAsItWakesUp(CountDownLatch work) {
        AtomicReference<Dispatcher> relieving = new AtomicReference<>();
        AtomicReference<Worker> first = new AtomicReference<>();
        Dispatcher dispatcher =
                new Dispatcher(
                        name,
                        1,
                        Duration.ofMillis(1),
                        thread -> {
                            thread.start();
                            Dispatcher itself = relieving.get();
                            if (itself != null) {
                                Waiting.until(() -> itself.asleep() == 2);
                                wake(itself, work);
                            }
                        },
                        _ -> {});
        dispatcher.execute(() -> first.set((Worker) Thread.currentThread()));
        Waiting.until(() -> dispatcher.asleep() == 1 && first.get() != null);
        relieving.set(dispatcher);
        dispatcher.relieve(first.get());
    }

    /// Returns before whoever is woken is awake.
    private static void wake(Dispatcher dispatcher, CountDownLatch work) {
        long before = dispatcher.wakeUps();
        Thread.startVirtualThread(() -> dispatcher.execute(work::countDown));
        while (dispatcher.wakeUps() == before) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLackOfThreadsDelaysOthersButBreaksNothing() {
        AtomicBoolean exhausted = new AtomicBoolean();
        Dispatcher dispatcher =
                new Dispatcher(
                        name,
                        2,
                        Duration.ofSeconds(10),
                        thread -> {
                            if (exhausted.get()) {
                                throw new OutOfMemoryError("no more threads, on purpose");
                            }
                            thread.start();
                        },
                        Thread::start);
        exhausted.set(true);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(2);
        CountDownLatch other = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            dispatcher.execute(() -> {
                Dispatcher.blocking();
                blocked.countDown();
                Waiting.on(release);
            });
        }
        Waiting.on(blocked);
        dispatcher.execute(other::countDown);
        assertThat(dispatcher.workers.threads()).isEqualTo(2);

        exhausted.set(false); // the ticker tries again
        Waiting.on(other);
        release.countDown();
        Waiting.until(() -> dispatcher.workers.active().length == 2 && dispatcher.asleep() == 2);
    }

    @Test
    void theTickerSurvivesWhateverFailsInALookAndLooksAgain() {
        AtomicInteger failures = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        Dispatcher dispatcher =
                new Dispatcher(
                        name,
                        1,
                        Duration.ofSeconds(10),
                        thread -> {
                            if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                                failures.incrementAndGet();
                                throw new IllegalStateException("on purpose");
                            }
                            thread.start();
                        },
                        Thread::start);
        left.set(3); // of the spare that is to be ready, and of those that take a worker's place
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        dispatcher.execute(() -> {
            blocked.countDown();
            Waiting.on(release);
        });
        Waiting.on(blocked);
        dispatcher.execute(other::countDown);
        Waiting.on(other);
        assertThat(failures).hasValue(3);
        release.countDown();
        Waiting.until(() ->
                dispatcher.asleep() == 1
                        && dispatcher.workers.active().length == 1
                        && dispatcher.workers.threads() == 1 + dispatcher.workers.spares());
    }
}
