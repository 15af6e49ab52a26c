package io.hyperactor;

import java.util.function.BooleanSupplier;

/// Brief polling before a thread goes to sleep.
///
/// Waking a sleeping core costs tens of microseconds, so a thread that expects work soon looks for
/// it for a short while first, yielding in between. When a yield takes long the core is wanted by
/// somebody else; then polling is switched off for a while for the whole process, because a
/// yielding thread gives up whole time slices where a sleeping one would be woken at once.
///
/// **Source:** measured for this runtime; docs/performance.md.
final class Polling {
    /// Whether others do something while a thread polls. On a single processor they do not, and
    /// yields leave it to threads of the same session alone where the kernel groups by those: so a
    /// worker, which expects work from other processes as well, goes to sleep at once there.
    static final boolean OTHERS_RUN = Runtime.getRuntime().availableProcessors() > 1;

    private static final long POLL_NANOS = 50_000;
    private static final long SLOW_YIELD_NANOS = 100_000;
    private static final long OFF_NANOS = 20_000_000;

    /// The end of the pause, as nanoTime; racy on purpose: a stale value costs one poll.
    private static volatile long offUntil = System.nanoTime();

    private Polling() {}

    /// Polls `ready` for a short while. Returns whether it became true.
    @SuppressWarnings("ThreadPriorityCheck") // the yield lets a peer on the same core in
    static boolean until(BooleanSupplier ready) {
        long now = System.nanoTime();
        if (now - offUntil < 0) {
            return ready.getAsBoolean();
        }
        long end = now + POLL_NANOS;
        do {
            if (ready.getAsBoolean()) {
                return true;
            }
            long before = System.nanoTime();
            Thread.yield();
            now = System.nanoTime();
            if (now - before > SLOW_YIELD_NANOS) {
                offUntil = now + OFF_NANOS;
                return ready.getAsBoolean();
            }
        } while (now - end < 0);
        return ready.getAsBoolean();
    }
}
