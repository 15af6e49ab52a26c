package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The messages of one sender to one destination that a host has passed on: how many, and how many
/// of these the proc has said to have dealt with. They are handled in their order, so these are the
/// first ones.
///
/// **Threads:** any.
@SuppressWarnings("ReferenceEquality") // quick, and a miss costs only the long way
final class Tally {
    private static final long FORGOTTEN = Long.MIN_VALUE;
    private static final VarHandle PASSED;

    static {
        try {
            PASSED = MethodHandles.lookup().findVarHandle(Tally.class, "passed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Tallies of;
    final Address sender;
    final long incarnation;
    final Address destination;
    final long port;
    private long passed;

    // guarded by this, but that `link` is compared without
    private long dealtWith;
    private @Nullable Object link;
    private long unknown; // the last so many came back over that link as such

    Tally(Tallies of, Envelope first) {
        this.of = of;
        this.sender = first.senderAddress();
        this.incarnation = first.senderIncarnation();
        this.destination = first.destinationAddress();
        this.port = first.port();
    }

    boolean isOf(Tallies tallies, Envelope envelope) {
        return of == tallies
                && sender == envelope.senderAddress()
                && destination == envelope.destinationAddress()
                && incarnation == envelope.senderIncarnation();
    }

    /// One more was passed on.
    ///
    /// @param by the link that took it, known by its identity
    /// @return false if this has been forgotten, and another one is to count it
    boolean passed(Object by) {
        if (link != by) {
            goesBy(by);
        }
        return (long) PASSED.getAndAdd(this, 1L) >= 0;
    }

    private synchronized void goesBy(Object by) {
        link = by;
        unknown = 0; // of another link: whether they count is not known, so they do not
    }

    /// One that was passed on came back by itself. If it may have arrived it keeps its number.
    synchronized void cameBack(Object by, Undeliverable.Outcome outcome) {
        if (outcome == Undeliverable.Outcome.NOT_DELIVERED) {
            long _ = (long) PASSED.getAndAdd(this, -1L);
        } else if (link == by) {
            unknown++;
        }
    }

    synchronized void dealtWith(long messages) {
        dealtWith = Math.max(dealtWith, dealtWith + messages); // should they be absurdly many
    }

    /// Whether there is nothing to remember, and nothing will be.
    synchronized boolean forget() {
        return PASSED.compareAndSet(this, dealtWith, FORGOTTEN);
    }

    /// Those in doubt that did not come back by themselves, or null if there are none.
    synchronized Undeliverable.@Nullable Numbers inDoubt() {
        long last = (long) PASSED.getVolatile(this) - unknown;
        return last > dealtWith ? new Undeliverable.Numbers(dealtWith + 1, last) : null;
    }
}
