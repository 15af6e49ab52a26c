package io.hyperactor.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Median and spread of a few values.
///
/// @param median the middle one; of an even number, the mean of the two in the middle
public record Statistics(double median, double min, double max) {
    /// Median and spread of these.
    ///
    /// @throws IllegalArgumentException if there are none
    public static Statistics of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Statistics(median, sorted[0], sorted[sorted.length - 1]);
    }

    /// The smallest of `sorted` that at least `share` of all do not exceed.
    ///
    /// @param sorted ascending, not empty
    /// @param share from 0 to 1
    public static long percentile(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    /// Percentiles of times as a round.
    ///
    /// @param nanos not empty; sorted by this
    public static Round latencies(long[] nanos) {
        Arrays.sort(nanos);
        return new Round(
                Map.of(
                        Figure.P50, (double) percentile(nanos, 0.50),
                        Figure.P99, (double) percentile(nanos, 0.99),
                        Figure.MAX, (double) nanos[nanos.length - 1]));
    }
}
