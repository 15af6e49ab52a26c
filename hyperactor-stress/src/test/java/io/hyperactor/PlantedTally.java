package io.hyperactor;

import java.util.concurrent.atomic.AtomicLong;

/// The middle of [Tally] once more, with a line that can be broken.
final class PlantedTally {
    /// Which line.
    enum Bug {
        NONE,
        FORGETS_BLINDLY,
        GOES_BACK
    }

    private static final long FORGOTTEN = Long.MIN_VALUE;

    private final Bug bug;
    private final AtomicLong passed = new AtomicLong();
    private long handled;
    private long link;
    private long unknown;

    PlantedTally(Bug bug) {
        this.bug = bug;
    }

    boolean passed(long by) {
        if (link != by) {
            goesBy(by);
        }
        return passed.getAndIncrement() >= 0;
    }

    private synchronized void goesBy(long by) {
        if (link < by || bug == Bug.GOES_BACK) {
            link = by;
            unknown = 0;
        }
    }

    synchronized void cameBack(long by, Undeliverable.Outcome outcome) {
        if (outcome == Undeliverable.Outcome.NOT_DELIVERED) {
            passed.decrementAndGet();
        } else if (link == by) {
            unknown++;
        }
    }

    synchronized void handled() {
        handled++;
    }

    synchronized void forget() {
        if (bug != Bug.FORGETS_BLINDLY) {
            boolean _ = passed.compareAndSet(handled, FORGOTTEN);
        } else if (passed.get() == handled) {
            passed.set(FORGOTTEN);
        }
    }

    synchronized Undeliverable.Numbers inDoubt() {
        long last = passed.get() - unknown;
        return last > handled ? new Undeliverable.Numbers(handled + 1, last) : null;
    }
}
