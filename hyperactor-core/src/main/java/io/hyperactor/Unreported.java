package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A sender in another proc and a destination in this one, and how many messages between them have
/// been dealt with since the host was last told: the other side of a [Tally]. There may be several
/// for the same two: what they count is added up.
///
/// **Threads:** any.
class Unreported {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(Unreported.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Marks marks;
    private final Address sender;
    private final long incarnation;
    private final Address destination;
    private int count;

    /// In the stack of [Marks], where it is while it counts anything.
    @Nullable Unreported next;

    /// @param marks those of the proc; null if it has no host that it could tell
    Unreported(@Nullable Marks marks, Address sender, long incarnation, Address destination) {
        this.marks = ProcAgent.is(destination.id()) ? null : marks;
        this.sender = sender;
        this.incarnation = incarnation;
        this.destination = destination;
    }

    /// One more message was dealt with, whatever became of it.
    final void dealtWith() {
        Marks open = marks;
        if (open != null && (int) COUNT.getAndAdd(this, 1) == 0) {
            open.add(this);
        }
    }

    /// What was counted; from now on it begins anew.
    final int take() {
        return (int) COUNT.getAndSet(this, 0);
    }

    final Address sender() {
        return sender;
    }

    /// Which life of the sender, 0 if it did not say.
    final long senderIncarnation() {
        return incarnation;
    }

    final Address destination() {
        return destination;
    }
}
