package io.hyperactor.system;

import java.time.Duration;

/// Keeps a garbage collector busy.
final class Garbage {
    private static final int BYTES = 4096;

    private Garbage() {}

    /// Makes it for so long, each piece in the place of one before: so it is old when it is left.
    ///
    /// @param kept how many bytes stay at any time
    /// @return how many bytes were made
    static long make(Duration time, int kept) {
        byte[][] pieces = new byte[kept / BYTES][];
        long end = System.nanoTime() + time.toNanos();
        long made = 0;
        for (int at = 0; System.nanoTime() - end < 0; at = (at + 1) % pieces.length) {
            pieces[at] = new byte[BYTES];
            made += BYTES;
        }
        return made;
    }
}
