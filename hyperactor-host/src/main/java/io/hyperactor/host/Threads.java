package io.hyperactor.host;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Waiting for a thread, and for a time.
final class Threads {
    private static final int IDLE_SECONDS = 10;

    private static final ScheduledExecutorService TIMER = newTimer();

    private Threads() {}

    /// Runs what is due later, for the whole process: nothing may block it. Its one thread is a
    /// daemon, and ends while there is nothing to wait for.
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

    /// Waits until `thread` has ended or `limit` is over. An interrupt is kept for later.
    ///
    /// @return whether it has ended
    static boolean joinUninterruptibly(Thread thread, Duration limit) {
        long deadline = System.nanoTime() + Durations.nanos(limit);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return thread.join(Duration.ofNanos(deadline - System.nanoTime()));
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
