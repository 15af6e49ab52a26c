package io.hyperactor.bench;

import java.util.Locale;

/// A picture of lines, boxes and texts: no script, the same calls give the same bytes, and colours
/// for people who read dark on light and for those who read light on dark.
final class Svg {
    /// How many colours there are for series of figures.
    static final int COLOURS = 6;

    private static final String STYLE =
            """
            <style>
            text { font: 12px system-ui, sans-serif; fill: #24292f }
            .title { font-weight: 600; font-size: 15px }
            .head { font-weight: 600 }
            .quiet { fill: #57606a; font-size: 11px }
            .ground { fill: #ffffff }
            .grid { stroke: #d8dee4; stroke-width: 1 }
            .bold { stroke: #57606a; stroke-width: 1.5 }
            .spread { stroke: #24292f; stroke-width: 1; fill: none }
            .line { stroke-width: 2; fill: none }
            .f0 { fill: #0b62a8 } .s0 { stroke: #0b62a8 }
            .f1 { fill: #c2540a } .s1 { stroke: #c2540a }
            .f2 { fill: #3f7d20 } .s2 { stroke: #3f7d20 }
            .f3 { fill: #8e4ba3 } .s3 { stroke: #8e4ba3 }
            .f4 { fill: #8a6d00 } .s4 { stroke: #8a6d00 }
            .f5 { fill: #5c6670 } .s5 { stroke: #5c6670 }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 }
            .quiet { fill: #9ea7b3 }
            .ground { fill: #0d1117 }
            .grid { stroke: #30363d }
            .bold { stroke: #9ea7b3 }
            .spread { stroke: #e6edf3 }
            .f0 { fill: #5fb0f5 } .s0 { stroke: #5fb0f5 }
            .f1 { fill: #f0954a } .s1 { stroke: #f0954a }
            .f2 { fill: #8cc665 } .s2 { stroke: #8cc665 }
            .f3 { fill: #c99ae0 } .s3 { stroke: #c99ae0 }
            .f4 { fill: #d9bd4a } .s4 { stroke: #d9bd4a }
            .f5 { fill: #a8b2bd } .s5 { stroke: #a8b2bd }
            }
            </style>
            """;

    private final StringBuilder body = new StringBuilder();
    private final double width;
    private final double height;

    Svg(double width, double height) {
        this.width = width;
        this.height = height;
        box("ground", 0, 0, width, height);
    }

    /// How a text lies to its point.
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    void text(String style, Anchor anchor, double x, double y, String text) {
        body.append(
                        "<text class=\"%s\" text-anchor=\"%s\"%s%s>"
                                .formatted(
                                        style,
                                        anchor.name().toLowerCase(Locale.ROOT),
                                        number("x", x),
                                        number("y", y)))
                .append(escaped(text))
                .append("</text>\n");
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        body.append(
                "<line class=\"%s\"%s%s%s%s/>\n"
                        .formatted(
                                style,
                                number("x1", x1),
                                number("y1", y1),
                                number("x2", x2),
                                number("y2", y2)));
    }

    void box(String style, double x, double y, double width, double height) {
        body.append(
                "<rect class=\"%s\"%s%s%s%s/>\n"
                        .formatted(
                                style,
                                number("x", x),
                                number("y", y),
                                number("width", width),
                                number("height", height)));
    }

    void dot(String style, double x, double y, double radius) {
        body.append(
                "<circle class=\"%s\"%s%s%s/>\n"
                        .formatted(style, number("cx", x), number("cy", y), number("r", radius)));
    }

    private static String number(String name, double value) {
        return String.format(Locale.ROOT, " %s=\"%.1f\"", name, value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /// The whole file.
    String file() {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\""
                                + " viewBox=\"0 0 %.0f %.0f\">\n",
                        width,
                        height,
                        width,
                        height)
                + STYLE
                + body
                + "</svg>\n";
    }
}
