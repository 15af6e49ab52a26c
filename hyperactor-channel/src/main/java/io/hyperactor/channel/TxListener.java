package io.hyperactor.channel;

/// Hears about the life of one [Tx]. All calls come on the event loop's thread, or for `local:`
/// links on the thread that delivered; they must not block.
@FunctionalInterface
public interface TxListener {
    /// The link has ended; called exactly once, after [Tx#closed()] has its value.
    ///
    /// @param frames those without an acknowledgement, in order; valid during the call only
    void ended(CloseReason reason, UnackedFrames frames);

    /// There is room again after an offer returned false.
    default void roomAgain() {}
}
