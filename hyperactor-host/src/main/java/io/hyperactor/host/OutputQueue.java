package io.hyperactor.host;

import io.hyperactor.host.OutputListener.Stream;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Hands lines to a listener on a thread of its own, so that a listener that is slow, or writes to
/// a full disk, holds up neither a child nor the watch over it. It keeps a bounded number of
/// characters and refuses more.
///
/// **Threads:** any.
final class OutputQueue implements AutoCloseable {
    static final int CHARS_MAX = 4 * 1024 * 1024;

    private static final int LINE_COST = 64; // what a line takes besides its characters, roughly

    private record Line(String name, long pid, Stream stream, String text) {
        int cost() {
            return text.length() + LINE_COST;
        }
    }

    private final OutputListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Line> lines = new ArrayDeque<>();
    private int queued; // the cost of all lines
    private boolean started;
    private boolean closed;

    OutputQueue(OutputListener listener) {
        this.listener = listener;
    }

    /// Queues a line.
    ///
    /// @return false if there is no room for it now
    boolean offer(String name, long pid, Stream stream, String text) {
        var line = new Line(name, pid, stream, text);
        lock.lock();
        try {
            if (closed || queued + line.cost() > CHARS_MAX) {
                return false;
            }
            if (!started) {
                Thread.ofPlatform().daemon().name("hyperactor-output").start(this::deliver);
                started = true;
            }
            lines.add(line);
            queued += line.cost();
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the thread when the listener has taken what is queued; does not wait for that.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void deliver() {
        for (Optional<Line> next = take(); next.isPresent(); next = take()) {
            Line line = next.get();
            try {
                listener.line(line.name(), line.pid(), line.stream(), line.text());
            } catch (RuntimeException e) {
                // The listener's own business: it hears the next line all the same.
            }
        }
    }

    private Optional<Line> take() {
        lock.lock();
        try {
            while (lines.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            Optional<Line> next = Optional.ofNullable(lines.poll());
            next.ifPresent(line -> queued -= line.cost());
            return next;
        } finally {
            lock.unlock();
        }
    }
}
