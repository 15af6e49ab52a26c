package io.hyperactor.channel;

/// Hears about the life of one [Tx]. All calls come on the event loop's thread, or for `local:`
/// links on the thread that delivered; they must not block.
@FunctionalInterface
public interface TxListener {
    /// The link has ended; called exactly once, after [Tx#closed()] has its value.
    ///
    /// @param frames those without an acknowledgement, in order; valid during the call only
    void ended(CloseReason reason, UnackedFrames frames);

    /// The server does not take this one frame, which is over the limit there or makes no sense to
    /// the receiver: it was not delivered, and the link lives on. Flushing counts it as done.
    ///
    /// @param buffer holds the body from `offset`, for `length` bytes; valid during the call only
    default void refused(RejectCode code, String text, byte[] buffer, int offset, int length) {}

    /// There is room again after an offer returned false.
    default void roomAgain() {}
}
