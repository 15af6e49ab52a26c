package io.hyperactor.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Time that has to pass: for so long a fault lasts, or something is measured. Nothing is waited
/// for like this.
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
