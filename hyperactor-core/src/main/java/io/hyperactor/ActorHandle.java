package io.hyperactor;

import io.hyperactor.wire.ActorId;

import java.util.concurrent.CompletableFuture;

/// The owner's side of an actor in this process: can stop it and wait for its end.
///
/// **Threads:** any.
///
/// @param <M> the actor's protocol
public final class ActorHandle<M> {
    private final ActorCell<M> cell;

    ActorHandle(ActorCell<M> cell) {
        this.cell = cell;
    }

    /// The actor's id.
    public ActorId id() {
        return cell.id();
    }

    /// The name to hand out, pinned to this incarnation.
    public ActorRef<M> ref() {
        return cell.self();
    }

    /// The hash of the actor's protocol, see [io.hyperactor.wire.MessageType#hash()].
    public long protocolHash() {
        return cell.protocol().hash();
    }

    /// The random number of this life of the actor, to which [#ref()] is pinned.
    public long incarnation() {
        return cell.incarnation();
    }

    /// Where the actor is in its life now.
    public ActorStatus status() {
        return cell.status();
    }

    /// Asks the actor to end after the messages that it has accepted; its children end first.
    /// Returns at once; asking again changes nothing.
    public void stop(String reason) {
        cell.signal(new Signal.Stop(reason, true));
    }

    /// Ends the actor at once: a handler that runs is interrupted and its results are ignored, what
    /// is queued goes back to its senders, `cleanup` is not called. The same for its children.
    public void kill(String reason) {
        boolean _ = cell.abort(reason);
    }

    /// Completes with the terminal status, for any number of waiters. Never exceptionally.
    public CompletableFuture<ActorStatus> ended() {
        return cell.ended().copy();
    }

    @Override
    public String toString() {
        return cell.id().toString();
    }
}
