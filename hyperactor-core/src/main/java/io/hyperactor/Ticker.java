package io.hyperactor;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Watches over the workers of a [Dispatcher] while any run, on a thread of its own; sleeps when
/// all do. Whatever fails, such as for want of memory, it goes on.
final class Ticker {
    private static final long TICK_NANOS = 800_000; // twice that, and a wake-up, is below 2 ms
    private static final int TICKS_BEFORE_SLEEP = 10;
    private static final long STUCK_LOOK_NANOS = 1_000_000_000L;

    /// Who comes last is to wait about so long for the batches of those before him.
    private static final long WAIT_NANOS = 5_000_000;

    private static final long BATCH_MIN_NANOS = 20_000;
    private static final int CROWD_MAX = (int) (WAIT_NANOS / BATCH_MIN_NANOS); // for each worker
    private static final long RELIEF_NANOS = 200_000; // threads take a while to start

    private final Dispatcher dispatcher;
    private final Thread thread;
    private volatile boolean sleeps;

    // The ticker's own.
    private long lastLook = System.nanoTime();
    private boolean relieved; // a worker, since the last look or at it

    Ticker(Dispatcher dispatcher, String name) {
        this.dispatcher = dispatcher;
        this.thread = Thread.ofPlatform().daemon().name(name + "-ticker").unstarted(this::tick);
    }

    void start(Consumer<Thread> starter) {
        starter.accept(thread);
    }

    private void tick() {
        long now = System.nanoTime();
        long nextLook = now + TICK_NANOS;
        long stuckLook = now + STUCK_LOOK_NANOS;
        int idleTicks = 0;
        boolean failed = false; // the last time: then it has been said
        while (true) {
            LockSupport.parkNanos(this, Math.min(pauseNanos(), Math.max(1, nextLook - now)));
            try {
                now = System.nanoTime();
                if (now - nextLook < 0) {
                    glance();
                    continue;
                }
                nextLook = now + TICK_NANOS;
                look();
                if (now - stuckLook >= 0) {
                    stuckLook = now + STUCK_LOOK_NANOS;
                    boolean _ = lookForStuck(now);
                }
                idleTicks = allSleep() ? idleTicks + 1 : 0;
                if (idleTicks > TICKS_BEFORE_SLEEP) {
                    idleTicks = 0;
                    sleepUntilWorkersRun();
                    lastLook = System.nanoTime(); // as if it had looked until now
                }
                failed = false;
            } catch (Throwable t) {
                if (!failed) {
                    failed = true;
                    Dispatcher.fault("the ticker failed", t);
                }
            }
        }
    }

    /// How long until it does something again.
    long pauseNanos() {
        return relieved ? RELIEF_NANOS : TICK_NANOS;
    }

    /// What it does each 0.8 ms.
    void look() {
        Worker[] active = dispatcher.workers.active();
        boolean waits = workWaits();
        for (Worker worker : active) {
            waits |= worker.slot.get() != null;
        }
        paceBatches(); // first: of those that begin in this turn
        if (waits) {
            dispatcher.nextTurn();
        }
        relieved = false;
        for (Worker worker : active) {
            if (worker.overruns()) {
                relieve(worker);
            }
            if (worker.runs()) {
                dispatcher.workers.prepareSpare();
            }
        }
        if (workWaits() && dispatcher.sleeping.get() > 0) {
            dispatcher.wakeOne(); // whoever polls may have lost its processor
        }
    }

    /// What it does between two looks: who takes the place of one that blocks may block as well.
    void glance() {
        if (relieved) {
            relieved = false;
            for (Worker worker : dispatcher.workers.active()) {
                if (worker.isHeldUp()) {
                    relieve(worker);
                }
            }
            if (relieved) {
                dispatcher.workers.prepareSpare();
            }
        }
    }

    private void relieve(Worker worker) {
        if (workWaits() || worker.slot.get() != null) {
            relieved |= dispatcher.relieve(worker);
        }
    }

    private void paceBatches() {
        long now = System.nanoTime();
        try {
            dispatcher.batchesLast(batchNanos(now - lastLook));
        } catch (OutOfMemoryError e) {
            // they stay as they are, and the rest is done all the same
        }
        lastLook = now;
    }

    /// How long a batch may last: for ever, unless so many wait, or others take so long, that at
    /// this pace the last of them would have to wait long.
    ///
    /// @param nanos since the last look
    long batchNanos(long nanos) {
        Worker[] active = dispatcher.workers.active();
        long batches = 0;
        for (Worker worker : active) {
            batches += worker.takenSince();
        }
        long each = nanos / Math.max(1, batches); // while all workers run
        long most = dispatcher.batchNanos() < Dispatcher.ENDLESS ? WAIT_NANOS / 2 : WAIT_NANOS;
        int crowd = CROWD_MAX * active.length;
        if (crowd * each <= most) {
            return Dispatcher.ENDLESS;
        }
        int waiting = dispatcher.shared.count(crowd);
        return waiting * each <= most
                ? Dispatcher.ENDLESS
                : Math.max(WAIT_NANOS * active.length / waiting, BATCH_MIN_NANOS);
    }

    private boolean workWaits() {
        return !dispatcher.shared.isEmpty();
    }

    /// Finds activations that do not end, on whatever worker. All that run are asked to let others
    /// in: what runs at the next look has been at the same message since.
    ///
    /// @return whether any runs
    boolean lookForStuck(long now) {
        boolean runs = false;
        for (Worker worker : dispatcher.workers.all()) {
            runs |= worker.lookForStuck(now);
        }
        dispatcher.nextTurn();
        return runs;
    }

    private boolean allSleep() {
        return dispatcher.sleeping.get() >= dispatcher.workers.active().length;
    }

    private void sleepUntilWorkersRun() {
        sleeps = true;
        while (sleeps && allSleep()) {
            boolean runs = lookForStuck(System.nanoTime()); // relieved, and not back
            if (!sleeps) {
                break; // woken meanwhile, perhaps while it waited for the lock
            }
            if (runs) {
                LockSupport.parkNanos(this, STUCK_LOOK_NANOS);
            } else {
                LockSupport.park(this);
            }
        }
        sleeps = false;
    }

    /// A worker that slept does no more.
    void wake() {
        if (sleeps) {
            sleeps = false;
            LockSupport.unpark(thread);
        }
    }
}
