package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Results as aligned text, one line for each figure and peer.
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
                    "goal",
                    "");

    private static final String MISSING = "missing";

    /// The results of one suite.
    record Section(Suite suite, List<Result> results) {
        Section {
            results = List.copyOf(results);
        }

        /// Whether a workload of ours did not run to its end.
        boolean oursFailed() {
            return results.stream().anyMatch(result -> result.ours() instanceof Result.Missing);
        }
    }

    private Table() {}

    static String text(Section section) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        section.results().forEach(result -> addRows(rows, result));
        String notes =
                section.results().stream()
                        .flatMap(Table::notes)
                        .distinct()
                        .map(note -> "\n  " + note)
                        .collect(Collectors.joining());
        return section.suite().title() + "\n" + aligned(rows) + notes;
    }

    private static Stream<String> notes(Result result) {
        List<String> notes = new ArrayList<>();
        for (Result.Side side : result.sides()) {
            if (side instanceof Result.Missing(var name, var reason)) {
                notes.add(name + " " + MISSING + ": " + reason);
            }
        }
        if (result.disturbed() > 0) {
            notes.add(
                    "%s: %d of %d turns while the machine was busy with something else"
                            .formatted(
                                    result.of().name(),
                                    result.disturbed(),
                                    result.of().effort().turns()));
        }
        return notes.stream();
    }

    private static void addRows(List<List<String>> rows, Result result) {
        for (Figure figure : result.of().shown()) {
            List<Goal> own =
                    goals(result, figure).stream().filter(Goal.Within.class::isInstance).toList();
            if (!own.isEmpty() || result.peers().isEmpty()) {
                rows.add(row(result, figure, Optional.empty(), own));
            }
            for (Result.Side peer : result.peers()) {
                List<Goal> against =
                        goals(result, figure).stream()
                                .filter(goal -> goal.isAgainst(peer.name()))
                                .toList();
                rows.add(row(result, figure, Optional.of(peer), against));
            }
        }
    }

    private static List<Goal> goals(Result result, Figure figure) {
        return result.of().goals().stream().filter(goal -> goal.figure() == figure).toList();
    }

    private static List<String> row(
            Result result, Figure figure, Optional<Result.Side> peer, List<Goal> goals) {
        List<String> row = new ArrayList<>();
        row.add(result.of().name());
        row.add(figure.title());
        addSide(row, result.ours(), figure);
        if (peer.isPresent()) {
            row.add(peer.get().name());
            addSide(row, peer.get(), figure);
            row.add(result.ratio(peer.get(), figure).map(Table::ratio).orElse(""));
        } else {
            row.addAll(List.of("", "", "", ""));
        }
        row.add(goals.stream().map(Goal::toString).collect(Collectors.joining(", ")));
        row.add(
                goals.stream()
                        .map(goal -> result.verdict(goal).name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
        return row;
    }

    private static void addSide(List<String> row, Result.Side side, Figure figure) {
        Optional<Statistics> statistics = Result.statistics(side, figure);
        row.add(statistics.map(s -> figure.unit().text(s.median())).orElse(MISSING));
        row.add(statistics.map(s -> figure.unit().range(s.min(), s.max())).orElse(""));
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 10 ? "%.2f×" : "%.1f×", ratio);
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
}
