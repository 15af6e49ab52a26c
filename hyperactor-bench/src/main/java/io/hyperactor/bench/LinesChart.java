package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What becomes of figures as something grows: both axes logarithmic, so that what grows alike is
/// straight.
final class LinesChart {
    private static final double WIDTH = 900;
    private static final double HEIGHT = 440;
    private static final double LEFT = 84;
    private static final double RIGHT = 210;
    private static final double TOP = 56;
    private static final double BOTTOM = 52;
    private static final double LEGEND_STEP = 20;
    private static final double DOT = 3.5;
    private static final int KILO = 1000;
    private static final int KIBI = 1024;

    /// One dot.
    private record Dot(double x, double y) {}

    private LinesChart() {}

    /// @param results those of this line, in any order; at least one that has a figure
    static String draw(Case.Line line, List<Result> results) {
        List<Result> sorted =
                results.stream().sorted(Comparator.comparingDouble(LinesChart::x)).toList();
        Unit unit = sorted.getFirst().of().shown().getFirst().unit();
        Map<String, List<Dot>> series = series(sorted, unit);
        Svg svg = new Svg(WIDTH, HEIGHT);
        Scale x =
                new Scale(
                        x(sorted.getFirst()) / 1.2, x(sorted.getLast()) * 1.2, LEFT, WIDTH - RIGHT);
        Scale y =
                Scale.decades(
                        series.values().stream().flatMap(List::stream).mapToDouble(Dot::y),
                        HEIGHT - BOTTOM,
                        TOP);
        svg.text("title", Svg.Anchor.START, 16, 26, title(line, sorted, unit));
        axes(svg, line, sorted, unit, x, y);
        int colour = 0;
        for (Map.Entry<String, List<Dot>> each : series.entrySet()) {
            draw(svg, x, y, each.getValue(), colour % Svg.COLOURS);
            legend(svg, each.getKey(), colour);
            colour++;
        }
        return svg.file();
    }

    private static double x(Result result) {
        return result.of().point().orElseThrow().x();
    }

    private static String title(Case.Line line, List<Result> results, Unit unit) {
        List<String> figures =
                results.getFirst().of().shown().stream()
                        .filter(figure -> figure.unit() == unit)
                        .map(Figure::title)
                        .toList();
        return String.join(", ", figures) + " by " + line.axis();
    }

    /// Of each contender the figures that are counted in the same unit.
    private static Map<String, List<Dot>> series(List<Result> results, Unit unit) {
        Map<String, List<Dot>> series = new LinkedHashMap<>();
        for (Result result : results) {
            List<Figure> figures =
                    result.of().shown().stream().filter(f -> f.unit() == unit).toList();
            for (Result.Side side : result.sides()) {
                for (Figure figure : figures) {
                    String name = side.name() + (figures.size() > 1 ? ", " + figure.title() : "");
                    Result.statistics(side, figure)
                            .ifPresent(value ->
                                    series.computeIfAbsent(name, _ -> new ArrayList<>())
                                            .add(new Dot(x(result), value.median())));
                }
            }
        }
        return series;
    }

    private static void axes(
            Svg svg, Case.Line line, List<Result> results, Unit unit, Scale x, Scale y) {
        for (double tick : y.ticks()) {
            svg.line("grid", LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick));
            svg.text(
                    "quiet",
                    Svg.Anchor.END,
                    LEFT - 8,
                    y.at(tick) + 4,
                    unit.text(tick).replace(".00", "").replace(".0", ""));
        }
        double bottom = HEIGHT - BOTTOM;
        for (double tick : ticks(results)) {
            svg.line("grid", x.at(tick), TOP, x.at(tick), bottom);
            svg.text("quiet", Svg.Anchor.MIDDLE, x.at(tick), bottom + 16, number(line, tick));
        }
        svg.text("quiet", Svg.Anchor.MIDDLE, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, line.axis());
    }

    private static List<Double> ticks(List<Result> results) {
        return results.stream().map(LinesChart::x).distinct().toList();
    }

    private static String number(Case.Line line, double value) {
        String scales = line == Case.Line.SIZES ? " ,Ki,Mi" : " ,k,M";
        int step = line == Case.Line.SIZES ? KIBI : KILO;
        double rest = value;
        int scale = 0;
        while (rest >= step && scale < 2) {
            rest /= step;
            scale++;
        }
        return String.format(Locale.ROOT, "%.0f%s", rest, scales.split(",", -1)[scale].strip());
    }

    private static void draw(Svg svg, Scale x, Scale y, List<Dot> dots, int colour) {
        for (int i = 1; i < dots.size(); i++) {
            Dot from = dots.get(i - 1);
            Dot to = dots.get(i);
            svg.line("line s" + colour, x.at(from.x), y.at(from.y), x.at(to.x), y.at(to.y));
        }
        dots.forEach(dot -> svg.dot("f" + colour, x.at(dot.x), y.at(dot.y), DOT));
    }

    private static void legend(Svg svg, String name, int index) {
        double y = TOP + 6 + LEGEND_STEP * index;
        double x = WIDTH - RIGHT + 16;
        svg.line("line s" + index % Svg.COLOURS, x, y, x + 22, y);
        svg.dot("f" + index % Svg.COLOURS, x + 11, y, DOT);
        svg.text("", Svg.Anchor.START, x + 30, y + 4, name);
    }

    /// Whether there is anything to draw.
    static boolean hasFigures(List<Result> results) {
        return results.stream()
                .flatMap(result ->
                        result.of().shown().stream()
                                .limit(1)
                                .flatMap(figure ->
                                        Stream.of(Result.statistics(result.ours(), figure))))
                .anyMatch(Optional::isPresent);
    }
}
