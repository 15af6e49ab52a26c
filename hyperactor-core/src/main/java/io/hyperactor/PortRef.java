package io.hyperactor;

import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

/// A name of a [Port] that takes any number of messages. May cross procs inside messages.
///
/// @param <M> what the port takes
public final class PortRef<M> extends AnyPortRef<M> {
    PortRef(Address owner, long incarnation, long index, @Nullable MessageType<M> type) {
        super(owner, incarnation, index, type);
    }

    PortRef(PortCell<M> local) {
        super(local);
    }
}
