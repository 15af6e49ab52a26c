package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

/// When a process was killed, the first time.
///
/// **Threads:** any.
final class KillTime {
    private volatile @Nullable Long at;

    /// It is killed now.
    void mark() {
        if (at == null) {
            at = System.nanoTime();
        }
    }

    /// Whether it was killed.
    boolean isMarked() {
        return at != null;
    }

    /// Whether the kernel has had the time that it gets to let go of a killed process.
    boolean isLongAgo() {
        Long then = at;
        return then != null && System.nanoTime() - then >= ProcLife.AFTER_KILL_NANOS;
    }
}
