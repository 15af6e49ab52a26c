package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// One thread of a [Dispatcher]: runs what is in its slot, then what all share, else waits for
/// work.
final class Worker extends Thread {
    private static final int SLOT_STREAK = 61; // then the shared queue gets a turn

    private final Dispatcher dispatcher;
    final AtomicReference<@Nullable Runnable> slot = new AtomicReference<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    volatile boolean relieved; // written by Workers, under its lock
    private final AtomicLong activations = new AtomicLong(); // odd while one runs
    private final AtomicReference<@Nullable Runnable> running =
            new AtomicReference<>(); // or what ran last; for the ticker
    private long seen; // the ticker's memory of activations
    private final StuckWatch stuckWatch = new StuckWatch(this); // the ticker's

    Worker(Dispatcher dispatcher, String name) {
        super(null, null, name, 0, false);
        this.dispatcher = dispatcher;
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
        int streak = 0;
        int began = dispatcher.turn(); // the streak
        while (true) {
            if (relieved && !dispatcher.workers.rejoin(this)) {
                return;
            }
            if (streak == 0) {
                began = dispatcher.turn();
            }
            Runnable next = streak < SLOT_STREAK && began == dispatcher.turn() ? takeSlot() : null;
            if (next != null) {
                streak++;
            } else {
                streak = 0;
                next = dispatcher.next();
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
        var shared = dispatcher.shared;
        if (poller.get() != null || !poller.compareAndSet(null, this)) {
            return null;
        }
        Runnable work = Polling.until(() -> !shared.isEmpty()) ? dispatcher.next() : null;
        poller.set(null); // before the last look at the queue: who came earlier woke nobody
        return work;
    }

    private @Nullable Runnable sleep() {
        asleep.set(true);
        dispatcher.sleeping.incrementAndGet();
        Runnable work = dispatcher.next();
        if (work == null) {
            while (isAsleep() && !relieved) {
                LockSupport.park(dispatcher);
            }
            work = relieved ? null : dispatcher.next();
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

    /// Whether an activation keeps this from other work: it waits for something, or ran a tick ago
    /// already, perhaps waiting where nobody sees it, as in a system call. Ticker only.
    boolean overruns() {
        long now = activations.getAcquire();
        boolean runs = (now & 1) == 1;
        boolean waits = waits() && now == activations.getAcquire(); // in there
        boolean overruns = runs && (waits || now == seen);
        seen = now;
        return overruns;
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
