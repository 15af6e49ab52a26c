package io.hyperactor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// The one timer thread of this process, for time-outs of requests. What it runs must be short.
///
/// Nearly every timer is cancelled soon after it was set. So setting one only puts it onto a stack,
/// and its thread looks there a little later, when most are of no interest any more: those that are
/// cost it a place in a heap, the others cost nobody more than two atomic operations.
final class Timers {
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final long LOOK_NANOS = 10_000_000;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int SWEEP_MIN = 1024;

    private static final class Shared {
        static final Timers INSTANCE = new Timers(System::nanoTime);

        static {
            Thread thread =
                    Thread.ofPlatform().daemon().name("hyperactor-timer").unstarted(INSTANCE::run);
            INSTANCE.thread = thread;
            thread.start();
        }
    }

    /// Something to be done at a time; the order is that of the times.
    static final class Timer implements Comparable<Timer> {
        private final long due;
        private final AtomicReference<@Nullable Runnable> action;
        private @Nullable Timer next;

        private Timer(long due, Runnable action) {
            this.due = due;
            this.action = new AtomicReference<>(action);
        }

        @Override
        public int compareTo(Timer other) {
            return Long.compare(due, other.due);
        }

        /// Forgets the action, unless it has begun. Any thread.
        void cancel() {
            action.set(null);
        }

        private boolean isCancelled() {
            return action.get() == null;
        }

        private void fire() {
            Runnable begun = action.getAndSet(null);
            if (begun != null) {
                try {
                    begun.run();
                } catch (Throwable t) {
                    LOG.error("a timer's action threw", t);
                }
            }
        }
    }

    private final LongSupplier clock;
    private final long origin;
    private final AtomicReference<@Nullable Timer> fresh = new AtomicReference<>(); // a stack
    private final AtomicLong wakeAt = new AtomicLong(NEVER); // when the thread looks again
    private volatile @Nullable Thread thread;

    // the thread's own
    private final PriorityQueue<Timer> waiting = new PriorityQueue<>();
    private int sweepAt = SWEEP_MIN;

    /// Timers that whoever calls [#step()] drives.
    Timers(LongSupplier clock) {
        this.clock = clock;
        this.origin = clock.getAsLong();
    }

    /// Runs `action` after `delay` on the timer's thread, unless it is cancelled first.
    static Timer after(Duration delay, Runnable action) {
        return Shared.INSTANCE.set(delay, action);
    }

    Timer set(Duration delay, Runnable action) {
        long now = now();
        long due = now + Math.clamp(Proc.nanos(delay), 0, NEVER - 1 - now);
        Timer timer = new Timer(due, action);
        Timer top;
        do {
            top = fresh.get();
            timer.next = top;
        } while (!fresh.compareAndSet(top, timer));
        if (wakesBy(Math.min(due, now + LOOK_NANOS))) {
            LockSupport.unpark(thread);
        }
        return timer;
    }

    private long now() {
        return clock.getAsLong() - origin;
    }

    /// False if the thread looks no later than that anyway.
    private boolean wakesBy(long time) {
        long planned = wakeAt.get();
        while (time < planned) {
            if (wakeAt.compareAndSet(planned, time)) {
                return true;
            }
            planned = wakeAt.get();
        }
        return false;
    }

    private void run() {
        while (true) {
            try {
                step();
            } catch (Throwable t) { // for want of memory, most likely: the next look goes on
                Dispatcher.fault("the timer failed", t);
            }
            for (long left = untilNext(); left > 0; left = untilNext()) {
                LockSupport.parkNanos(this, left);
            }
        }
    }

    /// How long there is nothing to do, as far as is known now.
    long untilNext() {
        return wakeAt.get() - now();
    }

    /// Looks at what was set, and runs what is due. If that fails, what is left is for the next
    /// look.
    void step() {
        long again = now() + LOOK_NANOS;
        wakeAt.set(NEVER); // before the look: whoever sets one after it says when to come again
        boolean done = false;
        try {
            takeFresh();
            sweep();
            runDue();
            done = true;
        } finally {
            if (!done) {
                boolean _ = wakesBy(again);
            }
        }
    }

    private void takeFresh() {
        Timer left = fresh.getAndSet(null);
        try {
            while (left != null) {
                Timer next = left.next;
                if (!left.isCancelled()) {
                    waiting.add(left);
                }
                left.next = null; // or one that waits would keep those that do not
                left = next;
            }
        } finally {
            if (left != null) { // no memory for a place
                putBack(left);
            }
        }
    }

    private void putBack(Timer first) {
        Timer last = first;
        while (last.next != null) {
            last = last.next;
        }
        do {
            last.next = fresh.get();
        } while (!fresh.compareAndSet(last.next, first));
    }

    private void runDue() {
        long now = now();
        Timer first = waiting.peek();
        while (first != null && (first.due <= now || first.isCancelled())) {
            boolean _ = waiting.remove(first);
            first.fire();
            first = waiting.peek();
        }
        if (first != null) {
            boolean _ = wakesBy(first.due);
        }
    }

    /// Lets go of cancelled ones when they may be the half of all.
    private void sweep() {
        if (waiting.size() >= sweepAt) {
            waiting.removeIf(Timer::isCancelled);
            sweepAt = Math.max(SWEEP_MIN, 2 * waiting.size());
        }
    }

    /// How many are held that are not cancelled, or not known to be. The thread's.
    int size() {
        return waiting.size();
    }
}
