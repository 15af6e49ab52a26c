package io.hyperactor;

import java.util.function.BooleanSupplier;

/// Brief polling before a thread goes to sleep.
///
/// Waking a sleeping core costs tens of microseconds, so a thread that expects work soon looks for
/// it for a short while first, yielding in between. When a yield takes long the core is wanted by
/// somebody else; then polling is switched off for a while for the whole process, because a
/// yielding thread gives up whole time slices where a sleeping one would be woken at once. On a
/// single processor only those whom a yield lets in can bring work, and where the kernel shares the
/// processor between sessions these are threads of the same one: after a yield that let nobody in
/// there is no more polling.
///
/// **Source:** measured for this runtime; docs/performance.md.
final class Polling {
    private static final long POLL_NANOS = 50_000;
    private static final long SLOW_YIELD_NANOS = 100_000;
    private static final long IDLE_YIELD_NANOS =
            Runtime.getRuntime().availableProcessors() > 1 ? 0 : 3_000; // it let nobody in
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
        long yielded;
        do {
            if (ready.getAsBoolean()) {
                return true;
            }
            long before = System.nanoTime();
            Thread.yield();
            now = System.nanoTime();
            yielded = now - before;
            if (yielded > SLOW_YIELD_NANOS) {
                offUntil = now + OFF_NANOS;
                return ready.getAsBoolean();
            }
        } while (yielded >= IDLE_YIELD_NANOS && now - end < 0);
        return ready.getAsBoolean();
    }
}
