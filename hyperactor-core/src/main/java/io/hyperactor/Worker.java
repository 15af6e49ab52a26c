package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// One thread of a [Dispatcher]: runs what is in its slot, then what all share, else waits for
/// work.
final class Worker extends Thread {
    private static final int SLOT_STREAK = 61; // then the shared queue gets a turn
    private static final long PAUSE_NANOS = 1_000_000;

    private final Dispatcher dispatcher;
    private final BooleanSupplier workWaits; // made in advance, for there may be no memory then
    final AtomicReference<@Nullable Runnable> slot = new AtomicReference<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    volatile boolean relieved; // written by Workers, under its lock
    private final AtomicLong activations = new AtomicLong(); // odd while one runs
    private final AtomicReference<@Nullable Runnable> running =
            new AtomicReference<>(); // or what ran last; for the ticker
    private final AtomicLong taken = new AtomicLong(); // of what all share
    private long seen; // the ticker's memory of activations
    private long seenTaken; // and of what was taken
    private final StuckWatch stuckWatch = new StuckWatch(this); // the ticker's

    Worker(Dispatcher dispatcher, String name) {
        super(null, null, name, 0, false);
        this.dispatcher = dispatcher;
        this.workWaits = () -> !dispatcher.shared.isEmpty();
        setDaemon(true);
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    boolean takesSlot(Dispatcher of) {
        return of == dispatcher && !relieved;
    }

    @Override
    public void run() {
        boolean failed = false; // before: then it has been said
        while (true) {
            try {
                work();
                return;
            } catch (Throwable t) { // the runtime's own, most likely for want of memory
                if (!failed) {
                    failed = true;
                    Dispatcher.fault("a worker failed", t);
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    /// Until it is not needed any more.
    private void work() {
        int streak = 0;
        int began = dispatcher.turn(); // the streak
        while (true) {
            if (relieved && !dispatcher.workers.rejoin(this)) {
                return;
            }
            if (streak == 0) {
                began = dispatcher.turn();
            }
            boolean goesOn = began == dispatcher.turn() && streak < (isCrowded() ? 1 : SLOT_STREAK);
            Runnable next = goesOn ? takeSlot() : null;
            if (next != null) {
                streak++;
            } else {
                streak = 0;
                next = takeShared();
                if (next == null) {
                    next = takeSlot();
                }
                if (next == null) {
                    next = await();
                }
            }
            if (next != null) {
                activate(next);
            }
        }
    }

    private boolean isCrowded() {
        return dispatcher.batchNanos() < Dispatcher.ENDLESS;
    }

    private @Nullable Runnable takeShared() {
        Runnable next = dispatcher.next();
        if (next != null) {
            taken.setOpaque(taken.getPlain() + 1);
        }
        return next;
    }

    private @Nullable Runnable takeSlot() {
        return slot.get() == null ? null : slot.getAndSet(null);
    }

    private void activate(Runnable activation) {
        long count = activations.getPlain();
        running.setRelease(activation);
        activations.setRelease(count + 1);
        try {
            activation.run();
        } catch (Throwable t) {
            Dispatcher.fault("an activation threw", t);
        }
        var _ = Thread.interrupted(); // one that it left behind is not for the next
        activations.setOpaque(count + 2);
    }

    /// Waits for work, and has others look for more when there is. Null: perhaps there is some.
    private @Nullable Runnable await() {
        running.setRelease(null); // it may be garbage by now
        Runnable work = poll();
        if (work == null) {
            work = sleep();
        }
        if (work != null && !dispatcher.shared.isEmpty()) {
            dispatcher.callForHelp();
        }
        return work;
    }

    private @Nullable Runnable poll() {
        var poller = dispatcher.poller;
        if (poller.get() != null || !poller.compareAndSet(null, this)) {
            return null;
        }
        try {
            return Polling.until(workWaits) ? takeShared() : null;
        } finally {
            poller.set(null); // before the last look at the queue: who came earlier woke nobody
        }
    }

    private @Nullable Runnable sleep() {
        asleep.set(true);
        dispatcher.sleeping.incrementAndGet();
        Runnable work = takeShared();
        if (work == null) {
            while (isAsleep() && !relieved) {
                LockSupport.park(dispatcher);
            }
            work = relieved ? null : takeShared();
        }
        boolean _ = wake(); // nobody else did: found work while lying down, or was relieved
        dispatcher.ticker.wake();
        return work;
    }

    boolean isAsleep() {
        return asleep.get();
    }

    /// Claims a sleeping worker and wakes it. False if another did.
    boolean wake() {
        if (!asleep.compareAndSet(true, false)) {
            return false;
        }
        dispatcher.sleeping.decrementAndGet();
        LockSupport.unpark(this);
        return true;
    }

    /// Whether an activation runs.
    boolean runs() {
        return (activations.getOpaque() & 1) == 1;
    }

    /// How many activations it has taken from the queue that all share, since this was called last.
    /// Ticker only.
    long takenSince() {
        long now = taken.getOpaque();
        long since = now - seenTaken;
        seenTaken = now;
        return since;
    }

    /// Whether an activation keeps this from other work: it waits for something, or ran at the
    /// ticker's last look already, perhaps waiting where nobody sees it, as in a system call. That
    /// look is this one from now on. Ticker only.
    boolean overruns() {
        long now = activations.getAcquire();
        boolean overruns = isHeldUp() || ((now & 1) == 1 && now == seen);
        seen = now;
        return overruns;
    }

    /// Whether an activation is seen to wait for something.
    boolean isHeldUp() {
        long now = activations.getAcquire();
        return (now & 1) == 1 && waits() && now == activations.getAcquire(); // in there
    }

    private boolean waits() {
        return switch (getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    /// Whether an activation runs; tells it if it does not end. Ticker only.
    boolean lookForStuck(long now) {
        long count = activations.getAcquire();
        Runnable what = running.getAcquire();
        boolean runs = (count & 1) == 1;
        if (runs && count == activations.getAcquire()) { // else that is not what runs
            stuckWatch.look(count, what, now);
        }
        return runs;
    }
}
