package io.hyperactor;

import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

/// An open port as its owner and the runtime see it.
///
/// @param <M> what it takes
abstract sealed class PortCell<M> permits Port, OncePort {
    private final InstanceCell owner;
    private final long index;
    private volatile @Nullable MessageType<M> type;

    PortCell(InstanceCell owner, long index, @Nullable MessageType<M> type) {
        this.owner = owner;
        this.index = index;
        this.type = type;
    }

    final InstanceCell owner() {
        return owner;
    }

    final long index() {
        return index;
    }

    final @Nullable MessageType<M> type() {
        return type;
    }

    /// Fixes what an untyped port takes, once.
    final void bind(MessageType<M> declared) {
        MessageType<M> bound = type;
        if (bound == null) {
            bound = bindFirst(declared);
        }
        if (bound.hash() != declared.hash()) {
            throw new IllegalStateException(
                    "port "
                            + owner.id().port(index)
                            + " already bound to "
                            + bound.name()
                            + ", not "
                            + declared.name());
        }
    }

    private synchronized MessageType<M> bindFirst(MessageType<M> declared) {
        MessageType<M> bound = type;
        if (bound == null) {
            type = bound = declared;
        }
        return bound;
    }

    /// Hands a message over, in the thread of whoever brings it; never blocks. Null means accepted,
    /// else why not.
    ///
    /// @param wireBytes how long it was on its way from another proc; 0 if it is from this one
    /// @param arrivals what else came over the same link; who waits may be told when they are
    ///   handed on
    abstract DeliveryFailure.@Nullable Reason accept(
            M message, int wireBytes, @Nullable Arrivals arrivals);

    /// Any thread, roughly: whether a message of another proc would be refused for its bytes.
    boolean isFullFor(int wireBytes) {
        return false;
    }

    /// The request that was to be answered here failed, or the owner has ended.
    abstract void fail(AskException cause);
}
