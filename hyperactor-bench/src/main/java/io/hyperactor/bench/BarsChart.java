package io.hyperactor.bench;

import java.util.List;

/// A suite as bars: for each figure of a case ours and the peers', from zero, with their spread.
final class BarsChart {
    private static final double WIDTH = 900;
    private static final double LEFT = 150;
    private static final double RIGHT = 190;
    private static final double TOP = 40;
    private static final double HEAD = 26;
    private static final double BAR = 14;
    private static final double STEP = 19;
    private static final double GAP = 12;
    private static final double CAP = 3;

    private final Svg svg;
    private double y = TOP;

    /// A case's figure, as told by all that ran.
    private record Panel(Result result, Figure figure, List<Bar> bars) {
        double height() {
            return HEAD + STEP * bars.size() + GAP;
        }
    }

    private record Bar(String name, int colour, Statistics value) {}

    private BarsChart(double height) {
        svg = new Svg(WIDTH, height);
    }

    static String draw(Section section) {
        List<Panel> panels =
                section.results().stream()
                        .filter(result -> result.of().point().isEmpty())
                        .flatMap(result -> result.of().shown().stream().map(f -> panel(result, f)))
                        .filter(panel -> !panel.bars.isEmpty())
                        .toList();
        double height = TOP + panels.stream().mapToDouble(Panel::height).sum();
        BarsChart chart = new BarsChart(height);
        chart.svg.text("title", Svg.Anchor.START, 16, 26, section.suite().heading());
        panels.forEach(chart::draw);
        return chart.svg.file();
    }

    private static Panel panel(Result result, Figure figure) {
        List<Result.Side> sides = result.sides();
        return new Panel(
                result,
                figure,
                sides.stream()
                        .flatMap(side ->
                                Result.statistics(side, figure).stream()
                                        .map(value ->
                                                new Bar(
                                                        side.name(),
                                                        Math.min(sides.indexOf(side), 1),
                                                        value)))
                        .toList());
    }

    private void draw(Panel panel) {
        boolean more =
                switch (panel.figure.unit()) {
                    case PER_SECOND, BYTES_PER_SECOND, COUNT -> true;
                    case NANOS, BYTES, PERCENT -> false;
                };
        String title = panel.result.of().name() + ", " + panel.figure.title();
        svg.text("head", Svg.Anchor.START, 16, y + 18, title);
        svg.text(
                "quiet",
                Svg.Anchor.END,
                WIDTH - 16,
                y + 18,
                more ? "more is better" : "less is better");
        y += HEAD;
        double most = panel.bars.stream().mapToDouble(bar -> bar.value.max()).max().orElse(1);
        for (Bar bar : panel.bars) {
            draw(bar, panel.figure.unit(), (WIDTH - LEFT - RIGHT) / most);
        }
        y += GAP;
    }

    private void draw(Bar bar, Unit unit, double perUnit) {
        double middle = y + BAR / 2;
        svg.text("", Svg.Anchor.END, LEFT - 8, y + 11, bar.name);
        svg.box("f" + bar.colour, LEFT, y, bar.value.median() * perUnit, BAR);
        double low = LEFT + bar.value.min() * perUnit;
        double high = LEFT + bar.value.max() * perUnit;
        svg.line("spread", low, middle, high, middle);
        svg.line("spread", low, middle - CAP, low, middle + CAP);
        svg.line("spread", high, middle - CAP, high, middle + CAP);
        svg.text(
                "quiet",
                Svg.Anchor.START,
                WIDTH - RIGHT + 8,
                y + 11,
                unit.text(bar.value.median())
                        + " ("
                        + unit.range(bar.value.min(), bar.value.max())
                        + ")");
        y += STEP;
    }
}
