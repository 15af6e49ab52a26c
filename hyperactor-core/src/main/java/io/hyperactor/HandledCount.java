package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A sender in another proc and a destination in this one, and how many messages between them have
/// been handled since those who passed them on were last told: the other side of a [Tally]. There
/// may be several for the same two: what they count is added up.
///
/// **Threads:** any.
class HandledCount {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(HandledCount.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable HandledReports reports;
    private final Address sender;
    private final long incarnation;
    private final Address destination;
    private long count;
    private int begun = -1; // in which second; to say so twice does no harm

    /// In the stack of [HandledReports], where it is while it counts anything.
    @Nullable HandledCount next;

    /// @param reports those of the proc; null if nobody is to be told
    HandledCount(
            @Nullable HandledReports reports,
            Address sender,
            long incarnation,
            Address destination) {
        this.reports = ProcAgent.is(destination.id()) ? null : reports;
        this.sender = sender;
        this.incarnation = incarnation;
        this.destination = destination;
    }

    /// One more message has come that will be counted.
    final void arrives() {
        HandledReports open = reports;
        if (open != null && begun != open.second()) {
            begun = open.second();
            open.begin(sender);
        }
    }

    /// One more was handled, well or badly.
    final void handled() {
        HandledReports open = reports;
        if (open != null && (long) COUNT.getAndAdd(this, 1L) == 0) {
            open.add(this);
        }
    }

    /// How many were counted; from now on it begins anew. Takes no memory.
    final long take() {
        return (long) COUNT.getAndSet(this, 0L);
    }

    final Address sender() {
        return sender;
    }

    /// Which life of the sender, 0 if it did not say.
    public final long senderIncarnation() {
        return incarnation;
    }

    final Address destination() {
        return destination;
    }
}
