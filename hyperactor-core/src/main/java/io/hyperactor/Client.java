package io.hyperactor;

import io.hyperactor.wire.ActorId;

import java.util.function.Consumer;

/// An actor without a behaviour, driven by plain threads: sends, asks, owns ports.
///
/// **Threads:** any, also several at once. Whoever made it closes it.
public final class Client extends InstanceCell implements AutoCloseable {
    private volatile boolean closed;
    private volatile Consumer<Undeliverable> listener = Counters::ignored;

    Client(Proc proc, ActorId id) {
        super(proc, id);
    }

    /// Calls `listener` with each message of this client that comes back, requests excepted: those
    /// fail their answer. On a thread of the runtime: must not block. The default logs and counts.
    public void onUndeliverable(Consumer<Undeliverable> listener) {
        this.listener = listener;
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
        proc().callOut("listener for returned messages", () -> listener.accept(undeliverable));
    }

    /// Closes all its ports and frees its name. What ports had accepted can still be taken out.
    @Override
    public void close() {
        closed = true;
        proc().instances().unregister(this, status());
        closePorts();
    }
}
