package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// A piece of a send buffer: whole frames, one after the other. No frame spans two chunks.
///
/// The offering side fills it up to [#committed] and, when the next frame goes elsewhere, links the
/// [#next] chunk, after which this one does not change any more. The writing side follows behind
/// it.
final class Chunk {
    /// A little over 64 KiB, so that a body of 64 KiB fits with its headers.
    static final int BYTES = 64 * 1024 + 512;

    final byte[] bytes;

    /// Where its first frame starts.
    final int first;

    /// Counts up along the list.
    final long index;

    /// The writing side's window on [#bytes].
    final ByteBuffer view;

    /// How much of it was handed to the socket; the writing side's.
    int written;

    /// The same over earlier connections, at most; the writing side's.
    int writtenBefore;

    /// The highest sequence number in it, or of the chunks before; published with [#committed].
    long lastSequence;

    /// The end of its last whole frame.
    volatile int committed;

    volatile @Nullable Chunk next;

    Chunk(byte[] bytes, int first, long index) {
        this.bytes = bytes;
        this.first = first;
        this.index = index;
        this.written = first;
        this.view = ByteBuffer.wrap(bytes);
    }
}
