package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Results as text, one line for each figure and peer.
final class Table {
    private static final List<String> HEAD =
            List.of(
                    "workload",
                    "figure",
                    "ours",
                    "(spread)",
                    "peer",
                    "",
                    "(spread)",
                    "ratio",
                    "(spread)",
                    "goal",
                    "",
                    "");
    private static final String DIFFER = "runs differ";

    private Table() {}

    /// For a terminal: aligned.
    static String text(Section section) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        section.rows().forEach(row -> rows.add(cells(row)));
        String notes =
                section.notes().stream().map(note -> "\n  " + note).collect(Collectors.joining());
        return section.suite().title() + "\n" + aligned(rows) + notes;
    }

    private static List<String> cells(Row row) {
        return List.of(
                row.work(),
                row.figure().title(),
                row.ours(),
                row.ourSpread(),
                row.peerName(),
                row.theirs(),
                row.theirSpread(),
                row.ratio(),
                row.ratioSpread(),
                row.goal(),
                row.verdict(),
                row.runsDiffer() ? DIFFER : "");
    }

    private static String aligned(List<List<String>> rows) {
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            line.append("  ").append(cell).repeat(' ', widths[i] - cell.length());
        }
        return line.toString().stripTrailing();
    }

    /// For the documentation: tables of Markdown, and what must be known about them below.
    static String markdown(Origins origins, List<Section> sections) {
        StringBuilder out = new StringBuilder(origins.toString()).append('\n');
        for (Section section : sections) {
            if (!section.results().isEmpty()) {
                markdown(out, section);
            }
        }
        return out.toString();
    }

    private static void markdown(StringBuilder out, Section section) {
        out.append("\n### ").append(section.suite().heading()).append("\n\n");
        out.append("| Work | Figure | Ours | Peer | Ratio | Goal | Met |\n");
        out.append("|---|---|---|---|---|---|---|\n");
        for (Row row : section.rows()) {
            List<String> cells =
                    List.of(
                            row.work(),
                            row.figure().title(),
                            row.ours() + spread(row.ourSpread()),
                            (row.peerName() + " " + row.theirs()).strip()
                                    + spread(row.theirSpread()),
                            row.ratio() + spread(row.ratioSpread()),
                            row.goal(),
                            row.verdict() + (row.runsDiffer() ? " (" + DIFFER + ")" : ""));
            out.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }
        if (!section.notes().isEmpty()) {
            out.append('\n');
            section.notes().forEach(note -> out.append("- ").append(note).append('\n'));
        }
    }

    private static String spread(String range) {
        return range.isEmpty() ? "" : " (" + range + ")";
    }
}
