package io.hyperactor.bench.local;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;

import java.util.Arrays;

/// Times of one actor's, which nobody else reads before it has said that it is done. When they are
/// very many, percentiles are of every second, or fourth, or ... one; the longest is of all.
final class Trips {
    private static final int MOST = 1 << 20;

    private final long[] nanos = new long[MOST];
    private int kept;
    private int step = 1;
    private int count;
    private long longest;

    void add(long time) {
        longest = Math.max(longest, time);
        if (count++ % step == 0) {
            if (kept == MOST) {
                halve();
            }
            nanos[kept++] = time;
        }
    }

    private void halve() {
        kept /= 2;
        step *= 2;
        for (int i = 0; i < kept; i++) {
            nanos[i] = nanos[2 * i];
        }
    }

    int count() {
        return count;
    }

    Round latencies() {
        return Statistics.latencies(Arrays.copyOf(nanos, kept)).with(Figure.MAX, (double) longest);
    }
}
