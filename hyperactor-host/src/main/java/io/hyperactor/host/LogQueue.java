package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Hands what is queued to a listener on a thread of its own, so that a listener that is slow, or
/// writes to a full disk, holds up neither a child nor the watch over it. It keeps a bounded number
/// of characters and refuses more.
///
/// **Threads:** any. **Order:** that of the offers.
///
/// @param <T> what it queues
final class LogQueue<T> implements AutoCloseable {
    static final int COST_MAX = 4 * 1024 * 1024;

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private record Item<T>(T value, int cost) {}

    private final String threadName;
    private final Consumer<T> listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Item<T>> items = new ArrayDeque<>();
    private int queued; // the cost of all items
    private @Nullable Thread thread;
    private boolean closed;

    /// @param threadName of the thread that calls `listener`; started with the first item
    /// @param listener may block; what it throws is ignored
    LogQueue(String threadName, Consumer<T> listener) {
        this.threadName = threadName;
        this.listener = listener;
    }

    /// Queues one.
    ///
    /// @param cost characters that it takes, roughly
    /// @return false if there is no room for it now, or no thread
    boolean offer(T value, int cost) {
        lock.lock();
        try {
            if (closed || queued + cost > COST_MAX) {
                return false;
            }
            if (thread == null && !isStarted()) {
                return false;
            }
            items.add(new Item<>(value, cost));
            queued += cost;
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStarted() {
        try {
            thread = Thread.ofPlatform().daemon().name(threadName).start(this::deliver);
            return true;
        } catch (OutOfMemoryError e) { // whoever offers it watches over processes
            return false;
        }
    }

    /// Ends the thread when the listener has taken what is queued; waits a second for that, and no
    /// longer for one that hangs.
    @Override
    public void close() {
        Thread delivering;
        lock.lock();
        try {
            closed = true;
            changed.signal();
            delivering = thread;
        } finally {
            lock.unlock();
        }
        if (delivering != null && delivering != Thread.currentThread()) {
            boolean _ = Threads.joinUninterruptibly(delivering, CLOSE_WAIT);
        }
    }

    private void deliver() {
        for (Optional<T> next = take(); next.isPresent(); next = take()) {
            try {
                listener.accept(next.get());
            } catch (Throwable e) { // an Error too: nothing would be heard any more
                // The listener's own business: it hears the next one all the same.
            }
        }
    }

    private Optional<T> take() {
        lock.lock();
        try {
            while (items.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            Item<T> next = items.poll();
            if (next == null) {
                return Optional.empty();
            }
            queued -= next.cost();
            return Optional.of(next.value());
        } finally {
            lock.unlock();
        }
    }
}
