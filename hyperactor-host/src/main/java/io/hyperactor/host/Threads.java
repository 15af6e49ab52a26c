package io.hyperactor.host;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/// Starts threads, also where there is no memory for one yet, and what is due later.
final class Threads {
    private static final int IDLE_SECONDS = 10;
    private static final int AGAIN_MILLIS = 50;
    private static final int INSIST_MILLIS = 400; // each attempt may cost a whole collection
    private static final int INSIST_TIMES = 150;

    private static final ScheduledExecutorService TIMER = newTimer();

    private Threads() {}

    /// Runs what is due later, for the whole process: nothing may block it but want of memory. Its
    /// one thread is a daemon, and ends while there is nothing to wait for.
    static ScheduledExecutorService timer() {
        return TIMER;
    }

    private static ScheduledExecutorService newTimer() {
        var timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("hyperactor-timer").factory());
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /// Runs `task` on a virtual thread, once: now, or as soon as there is memory for one.
    static void startAtLast(String name, Runnable task) {
        startAtLast(ready -> Thread.ofVirtual().name(name).start(ready), task);
    }

    /// The same with what starts a thread.
    ///
    /// @throws OutOfMemoryError if there is none even to start it later; then it never runs, but
    ///   for what [#once] has made
    static void startAtLast(Consumer<Runnable> starter, Runnable task) {
        Once once = once(task);
        try {
            starter.accept(once);
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            try {
                startLater(starter, once);
            } catch (OutOfMemoryError none) {
                if (once == task || once.claim()) {
                    throw none;
                } // else it runs already
            }
        }
    }

    /// That `task` which runs once, however often it is started.
    static Once once(Runnable task) {
        return task instanceof Once known ? known : new Once(task);
    }

    /// A virtual thread may run though its start failed: its scheduler may have taken it before
    /// there was no memory for a carrier.
    static final class Once implements Runnable {
        private final Runnable task;
        private final AtomicBoolean claimed = new AtomicBoolean();

        private Once(Runnable task) {
            this.task = task;
        }

        private boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        @Override
        public void run() {
            if (claim()) {
                task.run();
            }
        }
    }

    /// The same after a little while.
    static void startLater(Consumer<Runnable> starter, Runnable task) {
        Runnable once = once(task);
        Runnable start = () -> startAtLast(starter, once);
        var _ = TIMER.schedule(() -> insist(start), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Runs `task`, which must happen: again as long as there is no memory for it, for a minute.
    static void insist(Runnable task) {
        var _ =
                insist(
                        task,
                        it -> {
                            it.run();
                            return it;
                        });
    }

    /// What `make` makes of `of`, which must be made: again as long as there is no memory for it,
    /// for a minute. Takes none itself, if `make` captures nothing.
    static <T, R> R insist(T of, Function<T, R> make) {
        for (int again = 0; ; again++) {
            try {
                return make.apply(of);
            } catch (OutOfMemoryError e) {
                awaitMemory(again, e);
            }
        }
    }

    /// Waits a little for memory, and makes nothing that takes some.
    ///
    /// @param again how often it was waited for it before
    /// @throws OutOfMemoryError `why`, if that was for a minute
    static void awaitMemory(int again, OutOfMemoryError why) {
        if (again >= INSIST_TIMES) {
            throw why;
        }
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(again == 0 ? AGAIN_MILLIS : INSIST_MILLIS));
    }

    /// Waits until `thread` has ended or `limit` is over. An interrupt is kept for later.
    ///
    /// @return whether it has ended
    static boolean joinUninterruptibly(Thread thread, Duration limit) {
        return uninterruptibly(limit, nanos -> thread.join(Duration.ofNanos(nanos)));
    }

    /// What waits for so long at most.
    interface TimedWait<T, E extends Exception> {
        T await(long nanos) throws InterruptedException, E;
    }

    /// Waits for as long as `limit` lasts, whoever interrupts; that is kept for later.
    static <T, E extends Exception> T uninterruptibly(Duration limit, TimedWait<T, E> wait)
            throws E {
        long deadline = System.nanoTime() + Durations.nanos(limit);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.await(deadline - System.nanoTime());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
