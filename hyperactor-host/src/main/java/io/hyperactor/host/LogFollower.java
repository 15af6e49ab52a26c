package io.hyperactor.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Gets the records of a [LogBook] as they come. It keeps a bounded number for whoever takes them
/// out: the book never waits, and who is slow misses the oldest and learns how many.
///
/// **Threads:** any; one takes. **Closing:** whoever opened it.
public final class LogFollower implements AutoCloseable {
    static final int CHARS_MAX = 512 * 1024;
    private static final int BATCH_CHARS_MAX = 128 * 1024;

    private final LogQuery query;
    private final Consumer<LogFollower> atClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<LogRecord> past = new ArrayDeque<>(); // bounded by what a query gives
    private final Deque<LogRecord> news = new ArrayDeque<>();
    private int newsChars;
    private long missed;
    private boolean closed;

    LogFollower(LogQuery query, Consumer<LogFollower> atClose) {
        this.query = query;
        this.atClose = atClose;
    }

    /// What it gets first. What has come as news since is not past.
    void begin(List<LogRecord> records) {
        lock.lock();
        try {
            Set<LogRecord> had = new HashSet<>(news);
            records.stream().filter(record -> !had.contains(record)).forEach(past::add);
            changed.signal();
        } finally {
            lock.unlock();
        }
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
            news.addLast(record);
            newsChars += record.cost();
            while (newsChars > CHARS_MAX && news.size() > 1) {
                newsChars -= news.removeFirst().cost();
                missed++;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is something, at most `limit`, and takes it: as much as makes one message.
    /// Nothing once it is closed.
    public LogBatch next(Duration limit) throws InterruptedException {
        long left = Durations.nanos(limit);
        lock.lockInterruptibly();
        try {
            while (past.isEmpty() && news.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    private LogBatch take() {
        if (closed) {
            return new LogBatch(List.of(), 0);
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
        if (old) {
            return new LogBatch(batch, 0);
        }
        newsChars -= chars;
        long before = missed;
        missed = 0;
        return new LogBatch(batch, before);
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        atClose.accept(this);
    }
}
