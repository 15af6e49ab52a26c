package io.hyperactor.host;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The last records of many, whatever order they come in.
///
/// **Threads:** any.
final class LogSelection {
    /// What an answer holds at most: it must fit into a frame.
    static final int CHARS_MAX = 2 * 1024 * 1024;

    private record Entry(LogRecord record, long number) {}

    private static final Comparator<Entry> BY_TIME =
            Comparator.comparing((Entry entry) -> entry.record().time())
                    .thenComparingLong(Entry::number);

    private final int max;
    private final Instant since;
    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final PriorityQueue<Entry> latest = new PriorityQueue<>(BY_TIME);
    private long count;
    private int chars;

    LogSelection(LogQuery query) {
        this.max = query.max();
        this.since = query.since().orElse(Instant.MIN);
    }

    void add(LogRecord record) {
        if (max == 0 || record.time().isBefore(since)) {
            return;
        }
        lock.lock();
        try {
            latest.add(new Entry(record, count++));
            chars += record.cost();
            while (latest.size() > max || (chars > CHARS_MAX && latest.size() > 1)) {
                chars -= latest.remove().record().cost();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether a record as old as `time`, or older, may still find a place.
    boolean wants(Instant time) {
        if (max == 0 || time.isBefore(since)) {
            return false;
        }
        lock.lock();
        try {
            Entry first = latest.peek();
            boolean full = latest.size() >= max || chars > CHARS_MAX / 2;
            return !full || first == null || first.record().time().isBefore(time);
        } finally {
            lock.unlock();
        }
    }

    /// In the order of their times; of equal times, in that in which they came.
    List<LogRecord> records() {
        List<Entry> sorted;
        lock.lock();
        try {
            sorted = new ArrayList<>(latest);
        } finally {
            lock.unlock();
        }
        sorted.sort(BY_TIME);
        return sorted.stream().map(Entry::record).toList();
    }
}
