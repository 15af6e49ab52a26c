package io.hyperactor.channel;

/// The frames that a link had taken and that were not acknowledged when it ended.
@FunctionalInterface
public interface UnackedFrames {
    /// Visits them in the order they were offered in. Bytes are valid during the visit only.
    void forEach(Visitor visitor);

    /// Sees one frame.
    @FunctionalInterface
    interface Visitor {
        /// Called for each frame, in order.
        ///
        /// @param buffer holds the body from `offset`, for `length` bytes
        /// @param written true if the frame may have arrived: its outcome is unknown. False if it
        ///   surely was not delivered: not all of it was handed to the socket, or the receiver said
        ///   that it did not take it.
        void frame(byte[] buffer, int offset, int length, boolean written);
    }
}
