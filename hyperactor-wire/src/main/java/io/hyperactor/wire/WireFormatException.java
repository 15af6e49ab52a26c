package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// Bytes that are not an encoding of the type they should be.
///
/// The message ends in the offset, so that it can be found in a dump. When a record's constructor
/// refused the components that were read, its exception is the cause.
public final class WireFormatException extends WireException {

    private final int offset;

    /// @param what what is wrong, without the offset
    /// @param offset where the reader stood, in bytes from the start of what it reads
    public WireFormatException(String what, int offset) {
        this(what, offset, null);
    }

    /// @param what what is wrong, without the offset
    /// @param offset where the reader stood, in bytes from the start of what it reads
    /// @param cause what refused the bytes, if something did
    public WireFormatException(String what, int offset, @Nullable Throwable cause) {
        super(what + " at byte " + offset, cause);
        this.offset = offset;
    }

    /// Where the reader stood, in bytes from the start of what it reads.
    public int offset() {
        return offset;
    }
}
