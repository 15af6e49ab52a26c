package io.hyperactor;

import io.hyperactor.wire.ActorId;

import java.util.function.Consumer;

/// An actor without a behaviour, driven by plain threads: sends, asks, owns ports.
///
/// **Threads:** any, also several at once. Whoever made it closes it.
public final class Client extends InstanceCell implements AutoCloseable {
    private volatile boolean closed;
    private final ListenerQueue returned;

    Client(Proc proc, ActorId id) {
        super(proc, id);
        returned = new ListenerQueue(proc);
    }

    /// Calls `listener` with each message of this client that comes back, requests excepted: those
    /// fail their answer. The default logs and counts.
    ///
    /// **Threads:** of the dispatcher, after the send itself, and never an event loop's: it may
    /// send again, and wait. **Order:** one call at a time, as they came back; while it waits, so
    /// do the next ones, up to 65,536; those beyond are lost, and counted.
    public void onUndeliverable(Consumer<Undeliverable> listener) {
        returned.tell(listener);
    }

    @Override
    ActorStatus status() {
        return closed ? new ActorStatus.Stopped("client closed") : new ActorStatus.Attached();
    }

    @Override
    boolean acceptsMessages() {
        return !closed;
    }

    @Override
    boolean withdraw() {
        close();
        return true;
    }

    @Override
    boolean acceptMessage(Envelope envelope) {
        envelope.undeliverable(
                DeliveryFailure.Reason.HANDLER_NOT_BOUND,
                id() + " is a client, it handles nothing");
        return true;
    }

    @Override
    void cameBack(Undeliverable undeliverable) {
        returned.add(undeliverable);
    }

    /// Closes all its ports and frees its name. What ports had accepted can still be taken out.
    @Override
    public void close() {
        closed = true;
        proc().instances().unregister(this, status());
        closePorts();
    }
}
