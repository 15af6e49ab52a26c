package io.hyperactor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Those who wait for room, in a line for each place. Only the first of a line looks whether there
/// is some: so ten thousand cost no more than one, and who has come first is served first.
///
/// Who finds room without waiting passes the line by: he was awake when there was some.
///
/// **Threads:** any.
final class Lines {
    private static final long PAUSE_MIN_NANOS = 20_000;
    private static final long PAUSE_MAX_NANOS = 1_000_000;

    private static final class Line {
        final ReentrantLock first = new ReentrantLock(true);
        int members; // changed by `lines` alone
    }

    private final Map<Object, Line> lines = new ConcurrentHashMap<>();

    /// Waits for its turn, then tries again and again, until it is done, the time is up or the
    /// thread is interrupted, whose flag stays set.
    ///
    /// @param attempt what is tried at least once; it must not wait, for those behind wait with it
    /// @return what the last attempt gave
    <T> T await(Object place, long nanos, Supplier<T> attempt, Predicate<T> done) {
        long end = System.nanoTime() + nanos;
        Line line = join(place);
        try {
            if (!comesFirst(line, nanos)) {
                return attempt.get();
            }
            try {
                return repeat(attempt, done, end);
            } finally {
                line.first.unlock();
            }
        } finally {
            leave(place);
        }
    }

    private static boolean comesFirst(Line line, long nanos) {
        try {
            return line.first.tryLock(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private <T> T repeat(Supplier<T> attempt, Predicate<T> done, long end) {
        long pause = PAUSE_MIN_NANOS;
        T last = attempt.get();
        while (!done.test(last)
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, pause);
            pause = Math.min(pause * 2, PAUSE_MAX_NANOS);
            last = attempt.get();
        }
        return last;
    }

    private Line join(Object place) {
        return lines.compute(
                place,
                (_, there) -> {
                    Line line = there == null ? new Line() : there;
                    line.members++;
                    return line;
                });
    }

    private void leave(Object place) {
        lines.computeIfPresent(place, (_, line) -> --line.members == 0 ? null : line);
    }

    /// How many wait at `place` for their turn, roughly.
    int waiting(Object place) {
        Line line = lines.get(place);
        return line == null ? 0 : line.first.getQueueLength();
    }

    /// At how many places somebody waits.
    int size() {
        return lines.size();
    }
}
