package io.hyperactor;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

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
    static final long POLL_NANOS = 50_000;
    static final long SLOW_YIELD_NANOS = 100_000;
    static final long IDLE_YIELD_NANOS = 3_000; // on one processor: it let nobody in
    static final long OFF_NANOS = 20_000_000;

    @SuppressWarnings("ThreadPriorityCheck") // the yield lets a peer on the same core in
    private static final Polling OWN =
            new Polling(
                    System::nanoTime, Thread::yield, Runtime.getRuntime().availableProcessors());

    private final LongSupplier nanoTime;
    private final Runnable letOthersIn;
    private final long yieldMin;

    /// The end of the pause, as nanoTime; racy on purpose: a stale value costs one poll.
    private volatile long offUntil;

    Polling(LongSupplier nanoTime, Runnable letOthersIn, int processors) {
        this.nanoTime = nanoTime;
        this.letOthersIn = letOthersIn;
        this.yieldMin = processors > 1 ? 0 : IDLE_YIELD_NANOS;
        this.offUntil = nanoTime.getAsLong();
    }

    /// Polls `ready` for a short while, on the thread and by the clock of this process. Returns
    /// whether it became true.
    static boolean until(BooleanSupplier ready) {
        return OWN.poll(ready);
    }

    boolean poll(BooleanSupplier ready) {
        long now = nanoTime.getAsLong();
        if (now - offUntil < 0) {
            return ready.getAsBoolean();
        }
        long end = now + POLL_NANOS;
        long yielded;
        do {
            if (ready.getAsBoolean()) {
                return true;
            }
            long before = nanoTime.getAsLong();
            letOthersIn.run();
            now = nanoTime.getAsLong();
            yielded = now - before;
            if (yielded > SLOW_YIELD_NANOS) {
                offUntil = now + OFF_NANOS;
                return ready.getAsBoolean();
            }
        } while (yielded >= yieldMin && now - end < 0);
        return ready.getAsBoolean();
    }
}
