package io.hyperactor.bench;

import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/// What one round of one contender measured.
///
/// @param figures at least one, in their own units
public record Round(Map<Figure, Double> figures) {
    public Round {
        figures = Map.copyOf(figures);
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("a round without figures");
        }
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
        for (String part : text.strip().split(" +", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not figure=value: '" + part + "'");
            }
            figures.put(
                    Figure.of(part.substring(0, equals)),
                    Double.parseDouble(part.substring(equals + 1)));
        }
        return new Round(figures);
    }

    /// `figure=value` for each, in a row.
    String text() {
        StringJoiner text = new StringJoiner(" ");
        new EnumMap<>(figures).forEach((figure, value) -> text.add(figure.key() + "=" + value));
        return text.toString();
    }
}
