package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/// What one round of one contender measured.
///
/// @param figures at least one, in their own units
/// @param samples the time of each operation, where they are few; else empty
public record Round(Map<Figure, Double> figures, List<Double> samples) {
    private static final String SAMPLES = "samples";

    public Round {
        figures = Map.copyOf(figures);
        samples = List.copyOf(samples);
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("a round without figures");
        }
    }

    /// A round of which no single times are kept.
    public Round(Map<Figure, Double> figures) {
        this(figures, List.of());
    }

    /// The same with one more figure.
    public Round with(Figure figure, double value) {
        Map<Figure, Double> more = new EnumMap<>(figures);
        more.put(figure, value);
        return new Round(more, samples);
    }

    /// A round with one figure.
    public static Round of(Figure figure, double value) {
        return new Round(Map.of(figure, value));
    }

    /// How many operations a second, from how long all of them took.
    public static Round rate(long operations, long nanos) {
        return of(Figure.RATE, operations * 1e9 / nanos);
    }

    /// Rate and bytes a second, from how long all of them took.
    public static Round stream(long operations, int bytesEach, long nanos) {
        double rate = operations * 1e9 / nanos;
        return new Round(Map.of(Figure.RATE, rate, Figure.THROUGHPUT, rate * bytesEach));
    }

    /// How long each operation took, from how long all of them took one after the other.
    public static Round each(long operations, long nanos) {
        return of(Figure.EACH, (double) nanos / operations);
    }

    /// Reads what [#text()] wrote.
    ///
    /// @throws IllegalArgumentException if it is something else
    static Round parse(String text) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        List<Double> samples = new ArrayList<>();
        for (String part : text.strip().split(" +", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not figure=value: '" + part + "'");
            }
            String key = part.substring(0, equals);
            String value = part.substring(equals + 1);
            if (key.equals(SAMPLES)) {
                Arrays.stream(value.split(",", -1)).map(Double::valueOf).forEach(samples::add);
            } else {
                figures.put(Figure.of(key), Double.parseDouble(value));
            }
        }
        return new Round(figures, samples);
    }

    /// `figure=value` for each, in a row, and then the samples if there are any.
    String text() {
        StringJoiner text = new StringJoiner(" ");
        new EnumMap<>(figures).forEach((figure, value) -> text.add(figure.key() + "=" + value));
        if (!samples.isEmpty()) {
            text.add(
                    samples.stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(",", SAMPLES + "=", "")));
        }
        return text.toString();
    }
}
