package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Set;

/// Puts records that come from several procs, each in its own good time, into the order of their
/// times. A record is held until it is [#WINDOW] old; one that comes later than that is not held at
/// all and comes out of order. A time that has not come yet counts as now.
///
/// More than [#CHARS_MAX] are not held: then the oldest goes early.
///
/// **Threads:** one at a time.
final class LogOrder {
    /// How long a record waits for those that were made before it: far more than an event takes
    /// from its proc to the host, and less than a person notices.
    static final Duration WINDOW = Duration.ofMillis(200);

    /// Characters that are held at most.
    static final int CHARS_MAX = 256 * 1024;

    private record Entry(LogRecord record, Instant time, long number) {}

    private final PriorityQueue<Entry> held =
            new PriorityQueue<>(Comparator.comparing(Entry::time).thenComparingLong(Entry::number));
    private long count;
    private int chars;

    /// Holds a record; of equal times the first to come stays the first.
    void add(LogRecord record, Instant now) {
        Instant time = record.time().isAfter(now) ? now : record.time();
        held.add(new Entry(record, time, count++));
        chars += record.cost();
    }

    /// The next record that need not be held any longer; null if there is none.
    @Nullable LogRecord poll(Instant now) {
        Entry first = held.peek();
        if (first == null || (chars <= CHARS_MAX && !left(first, now).isZero())) {
            return null;
        }
        held.remove();
        chars -= first.record().cost();
        return first.record();
    }

    /// How long until there is one; as good as for ever if nothing is held.
    Duration left(Instant now) {
        Entry first = held.peek();
        return first == null ? Duration.ofNanos(Long.MAX_VALUE) : left(first, now);
    }

    private static Duration left(Entry entry, Instant now) {
        Duration age = Duration.between(entry.time(), now);
        boolean isHeld = !age.isNegative() && age.compareTo(WINDOW) < 0; // else a clock was set
        return isHeld ? WINDOW.minus(age) : Duration.ZERO;
    }

    /// Adds what it holds to `records`.
    void addTo(Set<LogRecord> records) {
        held.forEach(entry -> records.add(entry.record()));
    }

    void clear() {
        held.clear();
        chars = 0;
    }
}
