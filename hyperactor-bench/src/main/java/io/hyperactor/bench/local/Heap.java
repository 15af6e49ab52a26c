package io.hyperactor.bench.local;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;

/// What lives on the heap.
final class Heap {
    /// Serial GC leaves up to a twentieth of the heap to what is dead, but for each fourth time.
    /// References and cleaners take more than one as well.
    private static final int COLLECTIONS = 5;

    private Heap() {}

    /// Bytes in use at the end of full collections. Later a thread that makes one object may have
    /// taken megabytes to make more.
    static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    static Round each(int count, long bytes) {
        return Round.of(Figure.SIZE, (double) bytes / count);
    }
}
