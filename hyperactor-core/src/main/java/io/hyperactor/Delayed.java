package io.hyperactor;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs an action some time after it was asked for, once for all who ask meanwhile.
///
/// **Threads:** any. The action runs on the clockwork's.
final class Delayed {
    private final Clockwork clockwork;
    private final Duration delay;
    private final Runnable action;
    private final AtomicBoolean waits = new AtomicBoolean();

    Delayed(Clockwork clockwork, Duration delay, Runnable action) {
        this.clockwork = clockwork;
        this.delay = delay;
        this.action = action;
    }

    void ask() {
        if (waits.compareAndSet(false, true)) {
            boolean set = false;
            try {
                Timers.Timer _ = clockwork.after(delay, this::run);
                set = true;
            } finally { // or it would never run again
                if (!set) {
                    waits.set(false);
                }
            }
        }
    }

    private void run() {
        waits.set(false); // first: who asks from now on is heard
        action.run();
    }
}
