package io.hyperactor.host;

import java.time.Duration;

/// Waiting for a thread.
final class Threads {
    private Threads() {}

    /// Waits until `thread` has ended or `limit` is over. An interrupt is kept for later.
    ///
    /// @return whether it has ended
    static boolean joinUninterruptibly(Thread thread, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
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
