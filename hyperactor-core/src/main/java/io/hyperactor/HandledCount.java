package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A sender in another proc and a destination in this one, and how many messages between them have
/// been dealt with since the host was last told: the other side of a [Tally]. There may be several
/// for the same two: what they count is added up.
///
/// **Threads:** any.
class HandledCount {
    private static final VarHandle COUNT;
    private static final long BACK = 1L << 32; // above those that were handled

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

    /// In the stack of [HandledReports], where it is while it counts anything.
    @Nullable HandledCount next;

    /// @param reports those of the proc; null if it has no host that it could tell
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
        if (reports != null) {
            reports.begin();
        }
    }

    /// One more was handled, well or badly.
    final void handled() {
        count(1);
    }

    /// One more went back without having been handled.
    final void wentBack() {
        count(BACK);
    }

    private void count(long one) {
        HandledReports open = reports;
        if (open != null && (long) COUNT.getAndAdd(this, one) == 0) {
            open.add(this);
        }
    }

    /// What was counted, for [#handledOf] and [#backOf]; from now on it begins anew. Takes no
    /// memory.
    final long take() {
        return (long) COUNT.getAndSet(this, 0L);
    }

    /// How many of `counted` were handled.
    static long handledOf(long counted) {
        return (int) counted;
    }

    /// How many of them went back.
    static long backOf(long counted) {
        return counted >>> 32;
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
