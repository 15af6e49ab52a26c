package io.hyperactor;

import org.jspecify.annotations.Nullable;

/// Watches a thread for an activation that does not end. Not thread-safe.
final class StuckWatch {
    /// An activation that wants to know.
    interface Watched extends Runnable {
        /// After how long it is told first; afterwards each time that it has lasted twice as long.
        long stuckAfterNanos();

        /// Has not ended for that long. Must not block.
        void lasts(long nanos, Thread thread);
    }

    private final Thread thread;
    private long seen = -1;
    private long since;
    private long tellAfter;

    StuckWatch(Thread thread) {
        this.thread = thread;
    }

    /// Now and then.
    ///
    /// @param number of the activation that runs
    /// @param running that activation
    /// @param now a time like [System#nanoTime()]
    void look(long number, @Nullable Runnable running, long now) {
        if (!(running instanceof Watched watched)) {
            return;
        }
        if (number != seen) {
            seen = number;
            since = now;
            tellAfter = watched.stuckAfterNanos();
            return;
        }
        long lasts = now - since;
        if (lasts >= tellAfter) {
            tellAfter = 2 * lasts;
            watched.lasts(lasts, thread);
        }
    }
}
