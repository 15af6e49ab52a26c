package io.hyperactor;

import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An open port: a queue of messages that a plain thread, or an actor, takes out itself. The owner
/// closes it; it also closes with the owner, and then holds what had been accepted.
///
/// Bounded like a mailbox; over the bound, messages come back as `QUEUE_FULL`.
///
/// **Threads:** any. **Order:** per sender.
///
/// @param <M> what it takes
public final class Port<M> extends PortCell<M> implements AutoCloseable {
    private final LinkedBlockingQueue<M> queue;
    private volatile boolean closed;

    Port(InstanceCell owner, long index, MessageType<M> type, int limit) {
        super(owner, index, type);
        queue = new LinkedBlockingQueue<>(limit);
    }

    /// The name to hand out. Equal at each call.
    public PortRef<M> ref() {
        return new PortRef<>(this);
    }

    /// The next message, or empty if none came in time.
    public Optional<M> receive(Duration timeout) throws InterruptedException {
        M ready = queue.poll();
        if (ready == null) {
            if (!Polling.until(() -> !queue.isEmpty())) {
                Dispatcher.blocking();
            }
            ready = queue.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        return Optional.ofNullable(ready);
    }

    /// The next message if there is one now.
    public Optional<M> poll() {
        return Optional.ofNullable(queue.poll());
    }

    /// All messages that are here now, oldest first.
    public List<M> drain() {
        List<M> all = new ArrayList<>();
        queue.drainTo(all);
        return all;
    }

    @Override
    DeliveryFailure.@Nullable Reason accept(M message) {
        if (closed) {
            return DeliveryFailure.Reason.PORT_GONE;
        }
        return queue.offer(message) ? null : DeliveryFailure.Reason.QUEUE_FULL;
    }

    @Override
    void fail(AskException cause) {
        closed = true;
    }

    /// Takes no more messages: later ones come back to their senders.
    @Override
    public void close() {
        closed = true;
        owner().forget(this);
    }
}
