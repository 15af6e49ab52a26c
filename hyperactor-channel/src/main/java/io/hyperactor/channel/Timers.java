package io.hyperactor.channel;

import java.util.PriorityQueue;

/// Things to do later on the event loop.
///
/// **Threads:** one. Time is nanoseconds of any clock that only goes forward.
final class Timers {
    private final PriorityQueue<Timer> queue = new PriorityQueue<>();

    /// Something that runs once, unless it is cancelled before.
    static final class Timer implements Comparable<Timer> {
        private final long at;
        private final Runnable task;

        private Timer(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }

        @Override
        public int compareTo(Timer other) {
            return Long.signum(at - other.at); // the clock may wrap
        }
    }

    Timer at(long time, Runnable task) {
        Timer timer = new Timer(time, task);
        queue.add(timer);
        return timer;
    }

    void cancel(Timer timer) {
        queue.remove(timer);
    }

    /// The next timer that is due, taken out; null if there is none.
    @org.jspecify.annotations.Nullable
    Runnable due(long now) {
        Timer first = queue.peek();
        if (first == null || first.at - now > 0) {
            return null;
        }
        queue.poll();
        return first.task;
    }

    /// Nanoseconds until the next is due, at least 0; [Long#MAX_VALUE] without any.
    long untilNext(long now) {
        Timer first = queue.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.at - now);
    }
}
