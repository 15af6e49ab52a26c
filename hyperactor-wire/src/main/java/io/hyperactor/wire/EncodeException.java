package io.hyperactor.wire;

/// A value that has no encoding: a null component, text with half a surrogate pair, nesting without
/// end, or an object whose class is not part of the protocol.
///
/// Some bytes of the value may have been written when it is thrown; the writer's owner takes them
/// back.
public final class EncodeException extends WireException {

    /// @param message what has no encoding and why
    public EncodeException(String message) {
        super(message, null);
    }
}
