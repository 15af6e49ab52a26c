package io.hyperactor.bench.local;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts what several actors do and lets one thread wait for the last.
final class Countdown {
    private static final long PATIENCE_SECONDS = 50;

    private final AtomicInteger left;
    private final CountDownLatch done = new CountDownLatch(1);

    Countdown(int from) {
        left = new AtomicInteger(from);
    }

    /// One of the things is done. Any thread.
    void one() {
        if (left.decrementAndGet() == 0) {
            done.countDown();
        }
    }

    /// All that was left is done. Any thread.
    void all() {
        done.countDown();
    }

    void await() throws InterruptedException, TimeoutException {
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException(left + " not done in " + PATIENCE_SECONDS + " s");
        }
    }
}
