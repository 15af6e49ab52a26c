package io.hyperactor.host;

import java.util.function.LongSupplier;

/// So many bytes, or whatever is counted, a second, and as many at once after a pause. Not
/// thread-safe.
final class RateLimit {
    private static final double NANOS = 1e9;

    private final int bytesPerSecond;
    private final LongSupplier nanoTime;
    private double credit;
    private long creditAt;

    /// @param nanoTime a clock like [System#nanoTime()]
    RateLimit(int bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.credit = bytesPerSecond;
        this.creditAt = nanoTime.getAsLong();
    }

    /// Whether `bytes` more are within the limit; those that are not cost nothing.
    boolean spend(int bytes) {
        long now = nanoTime.getAsLong();
        credit = Math.min(bytesPerSecond, credit + (now - creditAt) / NANOS * bytesPerSecond);
        creditAt = now;
        if (credit < bytes) {
            return false;
        }
        credit -= bytes;
        return true;
    }
}
