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
/// Bounded like a mailbox, in messages and in bytes that came from other procs; over a bound,
/// messages come back as `QUEUE_FULL`.
///
/// **Threads:** any. **Order:** per sender.
///
/// @param <M> what it takes
public final class Port<M> extends PortCell<M> implements AutoCloseable {
    /// A message that waits.
    ///
    /// @param wireBytes how long it was on its way from another proc
    private record Queued<M>(M message, int wireBytes) {}

    private final int limit;
    private final long bytesMax;
    private final HeldBytes all;
    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final Condition news = lock.newCondition();
    private final ArrayDeque<Queued<M>> queue = new ArrayDeque<>();
    private volatile long bytes; // of what waits; also read without the lock
    private boolean closed;
    private volatile boolean mayHaveMessage; // for polling without the lock: there may be a message

    /// @param all counts what all mailboxes and ports of its proc hold
    Port(InstanceCell owner, long index, MessageType<M> type, ProcConfig config, HeldBytes all) {
        super(owner, index, type);
        this.limit = config.mailboxMaxMessages();
        this.bytesMax = config.mailboxMaxBytes();
        this.all = all;
    }

    /// The name to hand out. Equal at each call.
    public PortRef<M> ref() {
        return new PortRef<>(this);
    }

    /// The next message, or empty if none came in time or none can come any more.
    public Optional<M> receive(Duration timeout) throws InterruptedException {
        if (!mayHaveMessage && !Polling.until(() -> mayHaveMessage)) {
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
        Queued<M> first = queue.poll();
        mayHaveMessage = closed || !queue.isEmpty();
        if (first == null) {
            return Optional.empty();
        }
        if (first.wireBytes > 0) {
            hold(bytes - first.wireBytes);
        }
        return Optional.of(first.message);
    }

    /// With the lock. A port that takes no more counts for its proc no longer: what is left in it
    /// is its owner's.
    private void hold(long now) {
        if (!closed) {
            all.changed(bytes, now);
        }
        bytes = now;
    }

    /// All messages that are here now, oldest first.
    public List<M> drain() {
        lock.lock();
        try {
            List<M> messages = new ArrayList<>(queue.size());
            queue.forEach(waiting -> messages.add(waiting.message));
            queue.clear();
            hold(0);
            mayHaveMessage = closed;
            return messages;
        } finally {
            lock.unlock();
        }
    }

    /// How many bytes of messages from other procs wait in it.
    long wireBytes() {
        return bytes;
    }

    @Override
    boolean isFullFor(int wireBytes) {
        long held = bytes;
        return wireBytes > 0
                && ((held > 0 && held + wireBytes > bytesMax) || !all.hasRoom(held, wireBytes));
    }

    @Override
    DeliveryFailure.@Nullable Reason accept(M message, int wireBytes, @Nullable Arrivals arrivals) {
        lock.lock();
        try {
            if (closed) {
                return DeliveryFailure.Reason.PORT_GONE;
            }
            if (queue.size() >= limit || isFullFor(wireBytes)) {
                return DeliveryFailure.Reason.QUEUE_FULL;
            }
            queue.add(new Queued<>(message, wireBytes));
            if (wireBytes > 0) {
                hold(bytes + wireBytes);
            }
            mayHaveMessage = true;
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
            if (!closed) {
                all.changed(bytes, 0);
            }
            closed = true;
            mayHaveMessage = true;
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
