package io.hyperactor.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Median and spread of a few values.
///
/// @param median the middle one; of an even number, the mean of the two in the middle. Where single
///   times of all rounds are known, the percentile of all of them together.
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
        return sorted[rank(sorted.length, share)];
    }

    /// Where the percentile lies among so many sorted values.
    static int rank(int count, double share) {
        return Math.clamp((int) Math.ceil(share * count) - 1L, 0, count - 1);
    }

    /// Percentiles of times as a round.
    ///
    /// @param nanos not empty; sorted by this
    public static Round latencies(long[] nanos) {
        return new Round(percentiles(nanos));
    }

    /// Percentiles of so few times that each of them is kept, to be put together with those of
    /// other rounds.
    ///
    /// @param nanos not empty; sorted by this
    public static Round few(long[] nanos) {
        return new Round(
                percentiles(nanos), Arrays.stream(nanos).mapToObj(each -> (double) each).toList());
    }

    private static Map<Figure, Double> percentiles(long[] nanos) {
        Arrays.sort(nanos);
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            figure.percentile()
                    .ifPresent(share -> figures.put(figure, (double) percentile(nanos, share)));
        }
        return figures;
    }

    /// Whether this and `other` can be of the same thing: the median of each lies within the spread
    /// of the other one.
    boolean agreesWith(Statistics other) {
        return spans(other.median) && other.spans(median);
    }

    private boolean spans(double value) {
        return min <= value && value <= max;
    }
}
