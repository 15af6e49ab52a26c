package io.hyperactor.bench;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/// How far each goal is met or missed: one line each, with 1 where it is just met.
final class GoalsChart {
    private static final double WIDTH = 900;
    private static final double LEFT = 390;
    private static final double RIGHT = 200;
    private static final double TOP = 64;
    private static final double STEP = 20;
    private static final double BOTTOM = 24;
    private static final double DOT = 4.5;
    private static final String MET = "0";
    private static final String MISSED = "1";

    /// One line.
    private record Entry(String label, double margin, String text) {}

    private GoalsChart() {}

    static String draw(List<Section> sections) {
        List<Entry> entries = entries(sections);
        double height = TOP + STEP * entries.size() + BOTTOM;
        Svg svg = new Svg(WIDTH, height);
        Scale x =
                Scale.decades(
                        DoubleStream.concat(
                                DoubleStream.of(0.5, 2),
                                entries.stream().mapToDouble(Entry::margin)),
                        LEFT,
                        WIDTH - RIGHT);
        svg.text("title", Svg.Anchor.START, 16, 26, "Goals: how many times better than wanted");
        svg.text(
                "quiet",
                Svg.Anchor.START,
                16,
                44,
                "right of 1 is met, left of it (ring) is missed; logarithmic");
        grid(svg, x, height - BOTTOM);
        for (int i = 0; i < entries.size(); i++) {
            draw(svg, x, entries.get(i), TOP + STEP * (i + 0.5));
        }
        return svg.file();
    }

    private static List<Entry> entries(List<Section> sections) {
        List<Entry> entries = new ArrayList<>();
        for (Section section : sections) {
            for (Row row : section.rows()) {
                for (Goal goal : row.goals()) {
                    row.result()
                            .margin(goal)
                            .ifPresent(margin -> entries.add(entry(row, goal, margin)));
                }
            }
        }
        return entries;
    }

    private static Entry entry(Row row, Goal goal, double margin) {
        String against = goal.isOwn() ? "" : " / " + row.peerName();
        String is =
                switch (goal) {
                    case Goal.AtLeast _, Goal.AtMost _ -> row.ratio();
                    case Goal.Within _ -> row.ours();
                    case Goal.Never _ -> "at most " + row.ourHighest();
                };
        return new Entry(
                row.work() + ", " + row.figure().title() + against, margin, is + ", goal " + goal);
    }

    private static void grid(Svg svg, Scale x, double bottom) {
        for (double tick : x.ticks()) {
            svg.line(tick == 1 ? "bold" : "grid", x.at(tick), TOP, x.at(tick), bottom);
            String text = BigDecimal.valueOf(tick).stripTrailingZeros().toPlainString();
            svg.text("quiet", Svg.Anchor.MIDDLE, x.at(tick), TOP - 6, text);
        }
    }

    private static void draw(Svg svg, Scale x, Entry entry, double y) {
        boolean met = entry.margin >= 1;
        String colour = met ? MET : MISSED;
        svg.text("", Svg.Anchor.END, LEFT - 12, y + 4, entry.label);
        svg.line("line s" + colour, x.at(1), y, x.at(entry.margin), y);
        svg.dot("f" + colour, x.at(entry.margin), y, DOT);
        if (!met) {
            svg.dot("ground", x.at(entry.margin), y, DOT / 2);
        }
        svg.text("quiet", Svg.Anchor.START, WIDTH - RIGHT + 12, y + 4, entry.text);
    }
}
