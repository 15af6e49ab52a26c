package io.hyperactor.channel;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Growing pauses between attempts: doubled each time up to a cap, each changed by up to a tenth
/// either way, so that those who failed together do not try together again.
final class Backoff {
    private final long first;
    private final long cap;
    private final RandomGenerator random;
    private long next;

    Backoff(Duration first, Duration cap, RandomGenerator random) {
        this.first = first.toNanos();
        this.cap = cap.toNanos();
        this.random = random;
        this.next = this.first;
    }

    /// The next pause, in nanoseconds.
    long next() {
        long base = next;
        next = Math.min(2 * base, cap);
        return (long) (base * random.nextDouble(0.9, 1.1));
    }

    void reset() {
        next = first;
    }
}
