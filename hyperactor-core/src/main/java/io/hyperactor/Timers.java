package io.hyperactor;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one timer thread of this process, for time-outs of requests. What it runs must be short.
final class Timers {
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private Timers() {}

    private static ScheduledThreadPoolExecutor timer() {
        var timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("hyperactor-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /// Runs `action` after `delay`, unless what it gives back is run first.
    static Runnable after(Duration delay, Runnable action) {
        ScheduledFuture<?> future = TIMER.schedule(action, Proc.nanos(delay), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
