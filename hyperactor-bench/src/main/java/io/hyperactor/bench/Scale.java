package io.hyperactor.bench;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Where a value lies on an axis whose steps multiply.
///
/// @param from the value at `start`
/// @param to the value at `end`
/// @param start where the axis begins in the picture
/// @param end where it ends
record Scale(double from, double to, double start, double end) {
    private static final int BASE = 10;

    Scale {
        if (!(from > 0) || !(to > from)) {
            throw new IllegalArgumentException("no axis from " + from + " to " + to);
        }
    }

    /// One from a power of ten to another one, with all of these between.
    static Scale decades(DoubleStream values, double start, double end) {
        var all = values.summaryStatistics();
        double from = Math.pow(BASE, Math.floor(Math.log10(all.getMin())));
        double to = Math.pow(BASE, Math.ceil(Math.log10(all.getMax())));
        return new Scale(from, to > from ? to : from * BASE, start, end);
    }

    double at(double value) {
        double part = Math.log(Math.clamp(value, from, to) / from) / Math.log(to / from);
        return start + part * (end - start);
    }

    /// The powers of ten on it.
    List<Double> ticks() {
        int first = (int) Math.ceil(Math.log10(from) - 1e-9);
        int last = (int) Math.floor(Math.log10(to) + 1e-9);
        return IntStream.rangeClosed(first, last).mapToObj(i -> Math.pow(BASE, i)).toList();
    }
}
