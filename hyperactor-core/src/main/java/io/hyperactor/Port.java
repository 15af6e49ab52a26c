package io.hyperactor;

import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An open port: a queue of messages that a plain thread, or an actor, takes out itself. The owner
/// closes it; it also closes with the owner, and then holds what had been accepted.
///
/// Bounded like a mailbox; over the bound, messages come back as `QUEUE_FULL`.
///
/// **Threads:** any. **Order:** per sender.
///
/// @param <M> what it takes
public final class Port<M> extends PortCell<M> implements AutoCloseable {
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock(); // guards the two below
    private final Condition news = lock.newCondition();
    private final ArrayDeque<M> queue = new ArrayDeque<>();
    private boolean closed;
    private volatile boolean hasNews; // for polling without the lock: there may be a message

    Port(InstanceCell owner, long index, MessageType<M> type, int limit) {
        super(owner, index, type);
        this.limit = limit;
    }

    /// The name to hand out. Equal at each call.
    public PortRef<M> ref() {
        return new PortRef<>(this);
    }

    /// The next message, or empty if none came in time or none can come any more.
    public Optional<M> receive(Duration timeout) throws InterruptedException {
        if (!hasNews && !Polling.until(() -> hasNews)) {
            Dispatcher.blocking();
        }
        long left = Proc.nanos(timeout);
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    /// The next message if there is one now.
    public Optional<M> poll() {
        lock.lock();
        try {
            return take();
        } finally {
            lock.unlock();
        }
    }

    private Optional<M> take() {
        M first = queue.poll();
        hasNews = closed || !queue.isEmpty();
        return Optional.ofNullable(first);
    }

    /// All messages that are here now, oldest first.
    public List<M> drain() {
        lock.lock();
        try {
            List<M> all = new ArrayList<>(queue);
            queue.clear();
            hasNews = closed;
            return all;
        } finally {
            lock.unlock();
        }
    }

    @Override
    DeliveryFailure.@Nullable Reason accept(M message) {
        lock.lock();
        try {
            if (closed) {
                return DeliveryFailure.Reason.PORT_GONE;
            }
            if (queue.size() >= limit) {
                return DeliveryFailure.Reason.QUEUE_FULL;
            }
            queue.add(message);
            hasNews = true;
            news.signal();
            return null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    void fail(AskException cause) {
        lock.lock();
        try {
            closed = true;
            hasNews = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more messages: later ones come back to their senders, and nobody waits any longer.
    @Override
    public void close() {
        fail(new AskException.AskerEnded(owner().id()));
        boolean _ = owner().forget(this);
    }
}
