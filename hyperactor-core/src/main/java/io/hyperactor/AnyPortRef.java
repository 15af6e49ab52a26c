package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;

import org.jspecify.annotations.Nullable;

/// What a ref to a port and a ref to a once-port have in common: the name of a port of an actor or
/// client, and in the process that opened it also the port itself.
///
/// @param <M> what the port takes
abstract sealed class AnyPortRef<M> permits PortRef, OncePortRef {
    private final Address owner;
    private final long incarnation;
    private final long index;
    private final @Nullable MessageType<M> type;
    private final @Nullable PortCell<M> local;

    AnyPortRef(Address owner, long incarnation, long index, @Nullable MessageType<M> type) {
        this.owner = owner;
        this.incarnation = incarnation;
        this.index = index;
        this.type = type;
        this.local = null;
    }

    AnyPortRef(PortCell<M> local) {
        this.owner = local.owner().address();
        this.incarnation = local.owner().incarnation();
        this.index = local.index();
        this.type = null;
        this.local = local;
    }

    /// The port's id.
    public final PortId id() {
        return owner.id().port(index);
    }

    final Address owner() {
        return owner;
    }

    final long incarnation() {
        return incarnation;
    }

    final long index() {
        return index;
    }

    /// The port itself when it was opened in `proc`, by way of this very ref.
    final @Nullable PortCell<M> localIn(Proc proc) {
        return local != null && local.owner().proc() == proc ? local : null;
    }

    /// What the port takes, or null for a once-port that was opened without a type and has not been
    /// part of a message yet.
    final @Nullable MessageType<M> type() {
        return local != null ? local.type() : type;
    }

    /// Called when this ref becomes part of a message of a known protocol.
    final void bind(MessageType<M> declared) {
        if (local != null) {
            local.bind(declared);
        }
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof AnyPortRef<?> ref
                && index == ref.index
                && owner.id().equals(ref.owner.id());
    }

    @Override
    public final int hashCode() {
        return owner.id().hashCode() * 31 + Long.hashCode(index);
    }

    @Override
    public final String toString() {
        return id().toString();
    }
}
