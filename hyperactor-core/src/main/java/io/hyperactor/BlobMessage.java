package io.hyperactor;

import java.nio.ByteBuffer;

/// The protocol of a [Blob]. Crosses procs: read docs/wire-format.md before changing it.
public sealed interface BlobMessage {
    /// Asks for the bytes from `offset` on. Replies once, with the first `length` of them, at most
    /// [Blob#PIECE_MAX_BYTES]; fewer if the blob ends there, none behind its end.
    record Pull(long offset, int length, OncePortRef<Piece> replyTo) implements BlobMessage {}

    /// The answer to [Pull].
    sealed interface Piece {
        /// What was asked for.
        ///
        /// @param length of the whole blob
        record Bytes(long length, ByteBuffer bytes) implements Piece {}

        /// The bytes can not be had.
        record Unreadable(String why) implements Piece {}
    }
}
