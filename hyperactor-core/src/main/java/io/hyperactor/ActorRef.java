package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;

import org.jspecify.annotations.Nullable;

/// A name of an actor: anyone's, may cross procs inside messages, may dangle.
///
/// Two refs are equal when they name the same id. A ref that a live actor gave out is also *pinned*
/// to that incarnation: when the actor has ended and another one took its name, messages through
/// the old ref come back instead of reaching the namesake.
///
/// **Threads:** any.
///
/// @param <M> the actor's protocol
public final class ActorRef<M> {
    private final ActorId id;
    private final MessageType<M> type;
    private final long incarnation; // 0: whoever has the name
    private @Nullable ActorCell<?> cell; // the last resolution; racy, checked when used
    private @Nullable Address address; // when the ref first leaves the proc; racy, all are as good

    private ActorRef(ActorId id, MessageType<M> type, long incarnation) {
        this.id = id;
        this.type = type;
        this.incarnation = incarnation;
    }

    /// A ref that came in a message.
    ActorRef(Address address, MessageType<M> type, long incarnation) {
        this(address.id(), type, incarnation);
        this.address = address;
    }

    /// A ref that `cell` gives out: it need not be looked up.
    ActorRef(ActorCell<M> cell) {
        this(cell.id(), cell.protocol(), cell.incarnation());
        this.cell = cell;
    }

    /// A ref made from a bare id on the caller's word that an actor of this protocol is there. Not
    /// pinned. A wrong word shows as a protocol mismatch, never as a message of the wrong type.
    public static <M> ActorRef<M> attest(ActorId id, Class<M> protocol) {
        return new ActorRef<>(id, Protocols.of(protocol), 0);
    }

    /// A ref pinned to one incarnation of an actor, as its proc told it.
    ///
    /// @param incarnation 0 for whoever has the name
    public static <M> ActorRef<M> pinned(ActorId id, MessageType<M> protocol, long incarnation) {
        return new ActorRef<>(id, protocol, incarnation);
    }

    /// The actor's id.
    public ActorId id() {
        return id;
    }

    MessageType<M> type() {
        return type;
    }

    Address address() {
        Address known = address;
        if (known == null) {
            ActorCell<?> named = cell;
            address = known = named != null ? named.address() : Address.of(id);
        }
        return known;
    }

    long incarnation() {
        return incarnation;
    }

    /// The live actor in `proc` that this ref names, or null when there is none.
    @Nullable ActorCell<?> resolve(Proc proc) {
        ActorCell<?> known = cell;
        if (known != null && known.proc() == proc && known.acceptsMessages()) {
            return known;
        }
        if (!id.proc().equals(proc.id())) {
            return null;
        }
        if (proc.find(id) instanceof ActorCell<?> found
                && found.protocol().hash() == type.hash()
                && (incarnation == 0 || incarnation == found.incarnation())) {
            cell = found;
            return found;
        }
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ActorRef<?> ref && id.equals(ref.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
