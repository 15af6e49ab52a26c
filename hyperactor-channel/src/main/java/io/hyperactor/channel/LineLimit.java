package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Lets one line of each kind into a log each second, however often it would be written, and says
/// how many were not: for what others can cause as often as they like.
///
/// **Threads:** any.
public final class LineLimit {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private static final class Kind {
        final AtomicLong next;
        final AtomicLong leftOut = new AtomicLong();

        Kind(long now) {
            next = new AtomicLong(now);
        }

        private @Nullable String ask(long now) {
            long due = next.get();
            if (now - due >= 0 && next.compareAndSet(due, now + EVERY_NANOS)) {
                long before = leftOut.getAndSet(0);
                return before == 0 ? "" : " (" + before + " more like this were not logged)";
            }
            leftOut.incrementAndGet();
            return null;
        }
    }

    private final Map<Object, Kind> kinds = new ConcurrentHashMap<>();

    /// One that has let nothing in yet.
    public LineLimit() {}

    /// Asks for one line.
    ///
    /// @param kind one of a few, which are kept
    /// @param now by a clock like [System#nanoTime()]
    /// @return what to end the line with: how many of its kind were left out since the last one, or
    ///   nothing if none was; null if this one is to be left out too
    public @Nullable String ask(Object kind, long now) {
        return kinds.computeIfAbsent(kind, _ -> new Kind(now)).ask(now);
    }
}
