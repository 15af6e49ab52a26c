package io.hyperactor.channel;

/// Takes the frames that arrive at a served address.
///
/// **Threads:** for sockets always the event loop's; for `local:` addresses the sender's, or the
/// loop's after a pause. Frames of one link never overlap and come in the order they were offered
/// in; frames of different `local:` links may come at the same time. No lock of this module is
/// held.
@FunctionalInterface
public interface FrameReceiver {
    /// Takes one frame. Must not block.
    ///
    /// Returning true accepts it: that is what an acknowledgement says to the sender. Returning
    /// false means "no room now": the link is not read any further and the same frame comes again
    /// after [Inbound#resume()] or about a millisecond. Throwing [FrameRefused] gives this frame
    /// back. Throwing anything else rejects the link; the frame's fate is then unknown to its
    /// sender.
    ///
    /// @param from the link it came by
    /// @param buffer holds the frame from `offset`, for `length` bytes; valid during the call only,
    ///   never to be changed
    boolean received(Inbound from, byte[] buffer, int offset, int length);

    /// Called after the frames that one read brought, on the same thread, also when the last of
    /// them was not taken; for sockets also before any of them is acknowledged: a place to hand on
    /// what was collected. If that throws, a socket's link ends, and the fate of what was not
    /// acknowledged is unknown to its sender.
    default void batchEnd() {}
}
