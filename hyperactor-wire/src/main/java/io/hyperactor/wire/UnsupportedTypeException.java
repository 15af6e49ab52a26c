package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// A type for which no codec can be derived, for example `CounterMessage.Add.when: java.util.Date
/// has no codec`.
public final class UnsupportedTypeException extends WireException {

    private final String path;

    UnsupportedTypeException(String path, String what) {
        this(path, what, null);
    }

    UnsupportedTypeException(String path, String what, @Nullable Throwable cause) {
        super(path + ": " + what, cause);
        this.path = path;
    }

    /// The record component that has the type, such as `CounterMessage.Add.when`, or the type asked
    /// for.
    public String path() {
        return path;
    }
}
