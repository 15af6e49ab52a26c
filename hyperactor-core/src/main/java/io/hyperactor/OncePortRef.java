package io.hyperactor;

import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

/// A name of a [OncePort], which takes one message: the usual way to say where a reply goes. May
/// cross procs inside messages.
///
/// @param <M> what the port takes
public final class OncePortRef<M> extends AnyPortRef<M> {
    OncePortRef(Address owner, long incarnation, long index, @Nullable MessageType<M> type) {
        super(owner, incarnation, index, type);
    }

    OncePortRef(PortCell<M> local) {
        super(local);
    }
}
