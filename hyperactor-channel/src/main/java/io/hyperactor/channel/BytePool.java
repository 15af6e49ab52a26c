package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps a few byte arrays for reuse, up to a bound. Content is never cleared.
///
/// **Threads:** any. Nobody ever waits here: who finds the pool busy allocates, or lets the array
/// go.
final class BytePool {
    private static final int ARRAYS_MAX = 64;

    private static final int ARRAY_BYTES_MIN = 64;

    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayList<byte[]> arrays = new ArrayList<>(ARRAYS_MAX);
    private long bytes;

    BytePool(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// An array of at least `least` and at most `most` bytes if there is one here, else null.
    byte @Nullable [] poll(int least, int most) {
        if (!lock.tryLock()) {
            return null;
        }
        try {
            for (int i = arrays.size() - 1; i >= 0; i--) {
                byte[] array = arrays.get(i);
                if (array.length >= least && array.length <= most) {
                    arrays.set(i, arrays.getLast());
                    arrays.removeLast();
                    bytes -= array.length;
                    return array;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// An array of at least `least` bytes, pooled or new.
    byte[] take(int least) {
        byte[] pooled = poll(least, (int) Math.min(2L * least, Integer.MAX_VALUE));
        return pooled == null ? new byte[least] : pooled;
    }

    /// Gives an array back; the caller must not touch it again.
    void give(byte[] array) {
        if (array.length >= ARRAY_BYTES_MIN && lock.tryLock()) {
            try {
                if (arrays.size() < ARRAYS_MAX && bytes + array.length <= bytesMax) {
                    arrays.add(array);
                    bytes += array.length;
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
