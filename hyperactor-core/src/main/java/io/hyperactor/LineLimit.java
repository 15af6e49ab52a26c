package io.hyperactor;

import java.util.concurrent.atomic.AtomicLong;

/// Lets one line of one kind into a log each second, and counts the others. **Threads:** any.
final class LineLimit {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final AtomicLong next;
    private final AtomicLong suppressed = new AtomicLong();

    /// @param now from when on one may come, by a clock like [System#nanoTime()]
    LineLimit(long now) {
        this.next = new AtomicLong(now);
    }

    /// Asks for one line.
    ///
    /// @return how many have been suppressed since the last one, or -1 if this one is too
    long ask(long now) {
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + EVERY_NANOS)) {
            return suppressed.getAndSet(0);
        }
        suppressed.incrementAndGet();
        return -1;
    }
}
