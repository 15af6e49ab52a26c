package io.hyperactor.bench.local;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;

/// What lives on the heap.
final class Heap {
    private static final int COLLECTIONS = 3; // references and cleaners take more than one

    private Heap() {}

    /// Bytes in use after full collections.
    static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    static Round each(int count, long bytes) {
        return Round.of(Figure.SIZE, (double) bytes / count);
    }
}
