package io.hyperactor.stress;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/// What fuzz targets assert with: cheap, as it runs millions of times.
public final class Check {
    /// Whatever the input, so much may be taken: tables for what collections promise, at 64 levels,
    /// and the stack of an exception.
    private static final long ALLOCATED_FIXED = 1 << 20;

    private static final long ALLOCATED_PER_BYTE = 256;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Check() {}

    /// Fails with `what` unless it is true.
    public static void that(boolean isTrue, String what) {
        if (!isTrue) {
            throw new AssertionError(what);
        }
    }

    /// Fails unless both are equal.
    public static void same(Object expected, Object actual, String what) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + ": " + expected + ", then " + actual);
        }
    }

    /// Decodes, and fails if that took more memory than the input's length allows.
    public static <T> T bounded(int inputBytes, Supplier<T> decode) {
        long most = ALLOCATED_FIXED + ALLOCATED_PER_BYTE * inputBytes;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            return decode.get();
        } finally {
            if (THREADS.getCurrentThreadAllocatedBytes() - before > most) {
                again(decode, inputBytes, most);
            }
        }
    }

    /// The first time may have paid for classes.
    private static <T> void again(Supplier<T> decode, int inputBytes, long most) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            T _ = decode.get();
        } catch (RuntimeException refused) {
            // as the first time
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        that(allocated <= most, allocated + " bytes allocated for " + inputBytes);
    }
}
