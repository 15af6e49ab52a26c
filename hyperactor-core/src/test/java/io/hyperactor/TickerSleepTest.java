package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/// The ticker sleeps while all workers do, and a worker that begins to run wakes it.
final class TickerSleepTest {
    /// A wake-up that is lost costs a second: so long it sleeps while a relieved worker runs.
    private static final Duration LOST = Duration.ofMillis(500);

    private static final AtomicInteger COUNT = new AtomicInteger();

    /// Of three, as a machine that stands still proves nothing.
    @Test
    void aWakeUpIsNotLostThatComesWhenItHasLookedForTheLastTime() {
        long fastest =
                LongStream.generate(TickerSleepTest::nanosBehindABlockedOne)
                        .limit(3)
                        .min()
                        .orElse(0);
        assertThat(Duration.ofNanos(fastest)).isLessThan(LOST);
    }

    /// How long something waits behind an activation that begins just before the ticker sleeps.
    private static long nanosBehindABlockedOne() {
        Dispatcher dispatcher =
                new Dispatcher(
                        "test-ticker-" + COUNT.incrementAndGet(),
                        1,
                        Duration.ofSeconds(10),
                        Thread::start,
                        Thread::start);
        CountDownLatch release = new CountDownLatch(1);
        AtomicLong waited = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        Runnable blocks =
                () -> {
                    long start = System.nanoTime();
                    dispatcher.execute(() -> {
                        waited.set(System.nanoTime() - start);
                        done.countDown();
                    });
                    Waiting.on(release);
                };
        dispatcher.execute(new Relieved(dispatcher, release, blocks));
        Waiting.on(done);
        release.countDown();
        return waited.get();
    }

    /// Runs on a worker that was relieved, so that the ticker looks at it before it sleeps; then
    /// that has another activation begin.
    private record Relieved(Dispatcher dispatcher, CountDownLatch release, Runnable next)
            implements StuckWatch.Watched {
        @Override
        public void run() {
            Dispatcher.blocking();
            Waiting.on(release);
        }

        @Override
        public long stuckAfterNanos() {
            CountDownLatch begun = new CountDownLatch(1);
            dispatcher.execute(() -> {
                begun.countDown();
                next.run();
            });
            Waiting.on(begun);
            LockSupport.parkNanos(1); // takes the permit that came with the wake-up, as a lock may
            return Long.MAX_VALUE;
        }

        @Override
        public void lasts(long nanos, Thread thread) {}
    }
}
