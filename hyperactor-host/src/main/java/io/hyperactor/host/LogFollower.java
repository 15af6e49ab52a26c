package io.hyperactor.host;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Gets the records of a [LogBook] as they come, over all procs in the order of their times: each
/// is held until it is 0.2 s old, and what comes to the host later than that comes late. More than
/// 256 Ki characters are not held: then the oldest goes early, and what was made before it may come
/// after it. It keeps a bounded number for whoever takes them out: the book never waits, and who is
/// slow misses the oldest and learns how many.
///
/// **Threads:** any; one takes. **Closing:** whoever opened it.
public final class LogFollower implements AutoCloseable {
    static final int CHARS_MAX = 512 * 1024;
    private static final int BATCH_CHARS_MAX = 128 * 1024;

    private final LogQuery query;
    private final Consumer<LogFollower> atClose;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<LogRecord> past = new ArrayDeque<>(); // bounded by what a query gives
    private final LogOrder order = new LogOrder();
    private final Deque<LogRecord> news = new ArrayDeque<>(); // out of the order
    private int newsChars;
    private long missed;
    private long gap; // missed before the past
    private LogPosition position;
    private boolean closed;

    /// @param book that it follows
    /// @param clock of the records' times
    LogFollower(long book, LogQuery query, Consumer<LogFollower> atClose, InstantSource clock) {
        this.position = new LogPosition(book, 0, clock.instant());
        this.query = query;
        this.atClose = atClose;
        this.clock = clock;
    }

    /// What it gets first. What has come as news since is not past.
    ///
    /// @param count how many records of its names had come into the book before the news
    /// @param from where it goes on; what of that is not among `records` is missed
    void begin(List<LogRecord> records, long count, Optional<LogPosition> from) {
        lock.lock();
        try {
            Set<LogRecord> had = new HashSet<>(news);
            order.addTo(had);
            Instant now = clock.instant();
            long left = count;
            for (LogRecord record : records) {
                if (had.contains(record)) {
                    continue;
                }
                left--;
                if (Duration.between(record.time(), now).compareTo(LogOrder.WINDOW) >= 0) {
                    past.add(record);
                } else {
                    order.add(record, now);
                }
            }
            long before = left;
            gap =
                    from.filter(it -> it.book() == position.book())
                            .map(it -> Math.max(0, before - it.records()))
                            .orElse(0L);
            Instant first = records.isEmpty() ? position.time() : before(records.getFirst());
            Instant since = from.map(LogPosition::time).orElse(first);
            position = new LogPosition(position.book(), before - gap, since);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private static Instant before(LogRecord record) {
        Instant time = record.time();
        return time.equals(Instant.MIN) ? time : time.minusNanos(1);
    }

    /// Never waits for who takes.
    void offer(LogRecord record) {
        if (!query.isFor(record.proc())) {
            return;
        }
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Instant now = clock.instant();
            order.add(record, now);
            release(now);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void release(Instant now) {
        for (LogRecord next = order.poll(now); next != null; next = order.poll(now)) {
            news.addLast(next);
            newsChars += next.cost();
            while (newsChars > CHARS_MAX && news.size() > 1) {
                newsChars -= news.removeFirst().cost();
                missed++;
            }
        }
    }

    /// Waits until there is something, at most `limit`, and takes it: as much as makes one message.
    /// Nothing once it is closed.
    public LogBatch next(Duration limit) throws InterruptedException {
        long left = Durations.nanos(limit);
        lock.lockInterruptibly();
        try {
            Instant now = clock.instant();
            release(now);
            while (past.isEmpty() && news.isEmpty() && !closed && left > 0) {
                long wait = Math.min(left, order.left(now).toNanos());
                left -= wait - changed.awaitNanos(wait);
                now = clock.instant();
                release(now);
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    private LogBatch take() {
        if (closed) {
            return new LogBatch(List.of(), 0, position);
        }
        boolean old = !past.isEmpty();
        Deque<LogRecord> from = old ? past : news;
        List<LogRecord> batch = new ArrayList<>();
        int chars = 0;
        while (!from.isEmpty()
                && (batch.isEmpty() || chars + from.getFirst().cost() <= BATCH_CHARS_MAX)) {
            LogRecord record = from.removeFirst();
            chars += record.cost();
            batch.add(record);
        }
        long before = gap;
        gap = 0;
        if (!old) {
            newsChars -= chars;
            before += missed;
            missed = 0;
        }
        position = position.after(batch, before);
        return new LogBatch(batch, before, position);
    }

    /// Whether it gets nothing more: it was closed, or the book was.
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Gets nothing more, and nobody waits any longer.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            past.clear();
            news.clear();
            order.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        atClose.accept(this);
    }
}
