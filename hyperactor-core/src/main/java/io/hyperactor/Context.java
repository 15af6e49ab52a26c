package io.hyperactor;

import java.util.List;

/// An actor's view of its runtime. Use it only inside the call that it was given to, except for
/// [#send] and [#self()], which any thread may use.
///
/// @param <M> the actor's protocol
public interface Context<M> extends Instance {
    /// This actor's ref, to hand out.
    ActorRef<M> self();

    /// Spawns a child under a name of its own; the id also gets a number, so the name need not be
    /// free. The child ends before this actor does.
    ///
    /// @throws HyperactorException.ProcClosed if the proc is stopping
    <C> ActorHandle<C> spawn(String name, ActorType<C> type);

    /// The live children.
    List<ActorHandle<?>> children();

    /// Ends this actor after what it has accepted so far. Later messages come back to their
    /// senders.
    void stop(String reason);
}
