package io.hyperactor;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Watches over the workers of a [Dispatcher] while any run, on a thread of its own; sleeps when
/// all do. Whatever fails, such as for want of memory, it goes on.
final class Ticker {
    private static final long TICK_NANOS = 800_000; // twice that, and a wake-up, is below 2 ms
    private static final int TICKS_BEFORE_SLEEP = 10;
    private static final long STUCK_LOOK_NANOS = 1_000_000_000L;

    private final Dispatcher dispatcher;
    private final Thread thread;
    private volatile boolean sleeps;

    Ticker(Dispatcher dispatcher, String name) {
        this.dispatcher = dispatcher;
        this.thread = Thread.ofPlatform().daemon().name(name + "-ticker").unstarted(this::tick);
    }

    void start(Consumer<Thread> starter) {
        starter.accept(thread);
    }

    private void tick() {
        long stuckLook = System.nanoTime() + STUCK_LOOK_NANOS;
        int idleTicks = 0;
        boolean failed = false; // the last time: then it has been said
        while (true) {
            LockSupport.parkNanos(this, TICK_NANOS);
            try {
                look();
                long now = System.nanoTime();
                if (now - stuckLook >= 0) {
                    stuckLook = now + STUCK_LOOK_NANOS;
                    boolean _ = lookForStuck(now);
                }
                idleTicks = allSleep() ? idleTicks + 1 : 0;
                if (idleTicks > TICKS_BEFORE_SLEEP) {
                    idleTicks = 0;
                    sleepUntilWorkersRun();
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

    /// What it does at each tick.
    void look() {
        Worker[] active = dispatcher.workers.active();
        boolean waits = workWaits();
        for (Worker worker : active) {
            waits |= worker.slot.get() != null;
        }
        if (waits) {
            dispatcher.nextTurn();
        }
        for (Worker worker : active) {
            boolean overruns = worker.overruns();
            if (overruns && (workWaits() || worker.slot.get() != null)) {
                dispatcher.relieve(worker);
            }
            if (worker.runs()) {
                dispatcher.workers.prepareSpare();
            }
        }
        if (workWaits() && dispatcher.sleeping.get() > 0) {
            dispatcher.wakeOne(); // whoever polls may have lost its processor
        }
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
