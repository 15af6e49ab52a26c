package io.hyperactor;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// The middle of [HandledReports], [HandledCount] and [Delayed] once more, with a line that can be
/// broken.
final class PlantedReports {
    /// Which line.
    enum Bug {
        NONE,
        READS_ON_TOO_LATE,
        IS_READY_TOO_LATE
    }

    /// A pair that counts.
    static final class Pair {
        private final AtomicInteger count = new AtomicInteger();
        private Pair next;
    }

    private final Bug bug;
    private final AtomicReference<Pair> stack = new AtomicReference<>();
    private final AtomicBoolean waits = new AtomicBoolean();
    private final AtomicBoolean due = new AtomicBoolean();
    private final AtomicInteger told = new AtomicInteger();

    PlantedReports(Bug bug) {
        this.bug = bug;
    }

    void count(Pair pair) {
        if (pair.count.getAndIncrement() == 0) {
            add(pair);
        }
    }

    private void add(Pair pair) {
        Pair top;
        do {
            top = stack.get();
            pair.next = top;
        } while (!stack.compareAndSet(top, pair));
        if (waits.compareAndSet(false, true)) {
            due.set(true);
        }
    }

    /// False if there is nothing to be done later.
    boolean reportInTime() {
        if (!due.compareAndSet(true, false)) {
            return false;
        }
        if (bug == Bug.IS_READY_TOO_LATE) {
            report();
            waits.set(false);
        } else {
            waits.set(false);
            report();
        }
        return true;
    }

    synchronized void report() {
        Pair pair = stack.getAndSet(null);
        while (pair != null) {
            Pair next = pair.next;
            told.addAndGet(pair.count.getAndSet(0));
            pair = bug == Bug.READS_ON_TOO_LATE ? pair.next : next;
        }
    }

    int told() {
        return told.get();
    }
}
