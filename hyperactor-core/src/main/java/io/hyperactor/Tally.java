package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The messages of one sender to one destination that a router has passed on: how many, how many of
/// these the proc has said to have handled, and how many it has given back. They are handled in
/// their order, so of those that did not come back these are the first ones.
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
    final long since;
    private long passed;

    // guarded by this, but that `newest` is compared without
    private long handled;
    private long back; // from there, by news
    private long backAsOf; // how many had been passed on when the last of these came
    private long newest; // number of the link, of those that have taken any
    private long base; // how many had been passed on before that one
    private long unknown; // the last so many came back over that link as such

    Tally(Tallies of, Envelope first) {
        this.of = of;
        this.sender = first.senderAddress();
        this.incarnation = first.senderIncarnation();
        this.destination = first.destinationAddress();
        this.port = first.port();
        this.since = of.now();
    }

    boolean isOf(Tallies tallies, Envelope envelope) {
        return of == tallies
                && sender == envelope.senderAddress()
                && destination == envelope.destinationAddress()
                && incarnation == envelope.senderIncarnation();
    }

    /// One more is passed on.
    ///
    /// @param by number of the link that is to take it, which is higher than those of the links
    ///   before; if it does not, [#cameBack(long, Undeliverable.Outcome)]
    /// @return false if this has been forgotten, and another one is to count it
    boolean passed(long by) {
        if (newest != by) {
            goesBy(by);
        }
        return (long) PASSED.getAndAdd(this, 1L) >= 0;
    }

    /// Not back to an older one: who was about to use a link when it ended may come here after
    /// others who use the next one, and what comes back over the old one later is not what they
    /// have passed on last.
    private synchronized void goesBy(long by) {
        if (newest < by) {
            base = passed();
            newest = by;
            unknown = 0; // of another link: whether they count is not known, so they do not
        } else if (by < newest) {
            base++; // until it is back
        }
    }

    /// One that was passed on came back by itself. If it may have arrived it keeps its number.
    synchronized void cameBack(long by, Undeliverable.Outcome outcome) {
        if (outcome == Undeliverable.Outcome.NOT_DELIVERED) {
            long _ = (long) PASSED.getAndAdd(this, -1L);
            if (by < newest) {
                base--;
            }
        } else if (newest == by) {
            unknown++;
        }
    }

    /// So many more were, or are known to be in doubt by those who sent them.
    synchronized void handled(long more) {
        handled += Math.clamp(passed() - back - handled, 0, more); // should that be said of others
    }

    /// One more is on its way back from there, for it was not and will not be handled.
    synchronized void givenBack() {
        if (handled + back < passed()) {
            back++;
            backAsOf = passed();
        }
    }

    private long passed() {
        return (long) PASSED.getVolatile(this);
    }

    boolean isForgotten() {
        return passed() < 0;
    }

    /// Whether there is nothing to remember, and nothing will be.
    synchronized boolean forget() {
        return PASSED.compareAndSet(this, handled + back, FORGOTTEN);
    }

    /// Another process is at the end of that link than of those before: begins anew with what that
    /// link has taken.
    ///
    /// @return those in doubt that links before it had taken; null if there are none
    synchronized Undeliverable.@Nullable Numbers beginAnew(long by) {
        if (isForgotten()) {
            return null;
        }
        long before = newest == by ? base : passed();
        long last = before - back;
        long first = handled + 1;
        long _ = (long) PASSED.getAndAdd(this, -before);
        base = 0;
        handled = 0;
        back = 0;
        backAsOf = 0;
        return last < first ? null : new Undeliverable.Numbers(first, last);
    }

    /// Those in doubt that did not come back by themselves, or null if there are none.
    synchronized Undeliverable.@Nullable Numbers inDoubt() {
        long passed = passed();
        long last = passed - back - unknown;
        if (backAsOf > passed - unknown) { // some may have come back both ways
            last += Math.min(back, unknown);
        }
        return last > handled ? new Undeliverable.Numbers(handled + 1, last) : null;
    }
}
