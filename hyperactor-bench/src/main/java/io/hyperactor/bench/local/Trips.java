package io.hyperactor.bench.local;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;

import java.util.Arrays;

/// Times of one actor's, which nobody else reads before it has said that it is done.
final class Trips {
    private static final int MOST = 1 << 20;

    private final long[] nanos = new long[MOST];
    private int count;

    /// Keeps a time; when there are very many, the latest.
    void add(long time) {
        nanos[count++ % MOST] = time;
    }

    int count() {
        return count;
    }

    Round latencies() {
        return Statistics.latencies(Arrays.copyOf(nanos, Math.min(count, MOST)));
    }
}
