package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// Everything that can go wrong between a text or bytes and a value, or back.
///
/// Unchecked: each subtype is either a fault of the program ([UnsupportedTypeException],
/// [EncodeException], [InvalidNameException]) or of what came from outside ([WireFormatException],
/// [AddressSyntaxException]).
public abstract sealed class WireException extends RuntimeException
        permits AddressSyntaxException,
                EncodeException,
                InvalidNameException,
                UnsupportedTypeException,
                WireFormatException {

    WireException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
