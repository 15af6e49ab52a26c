package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// One line of a table: a figure of ours, and a peer's beside it.
///
/// @param peer empty where ours is judged alone
/// @param goals those that are about this figure and this peer
record Row(Result result, Figure figure, Optional<Result.Side> peer, List<Goal> goals) {
    static final String MISSING = "missing";

    Row {
        goals = List.copyOf(goals);
    }

    /// For each figure shown, a row for goals of our own and one for each peer.
    static List<Row> of(Result result) {
        List<Row> rows = new ArrayList<>();
        for (Figure figure : result.of().shown()) {
            List<Goal> own = goals(result, figure, Goal::isOwn);
            if (!own.isEmpty() || result.peers().isEmpty()) {
                rows.add(new Row(result, figure, Optional.empty(), own));
            }
            for (Result.Side peer : result.peers()) {
                List<Goal> against = goals(result, figure, goal -> goal.isAgainst(peer.name()));
                if (!against.isEmpty() || tells(result, peer, figure)) {
                    rows.add(new Row(result, figure, Optional.of(peer), against));
                }
            }
        }
        return rows;
    }

    /// Who is missing is named once, and not for a figure that only some can tell.
    private static boolean tells(Result result, Result.Side peer, Figure figure) {
        return switch (peer) {
            case Result.Ran _ -> Result.statistics(peer, figure).isPresent();
            case Result.Missing _ -> figure == result.of().shown().getFirst();
        };
    }

    private static List<Goal> goals(Result result, Figure figure, Predicate<Goal> which) {
        return result.of().goals().stream()
                .filter(goal -> goal.figure() == figure)
                .filter(which)
                .toList();
    }

    String work() {
        return result.of().name();
    }

    String ours() {
        return median(result.ours());
    }

    String ourSpread() {
        return spread(result.ours());
    }

    /// Of all rounds.
    String ourHighest() {
        return Result.statistics(result.ours(), figure)
                .map(s -> figure.unit().text(s.max()))
                .orElse(MISSING);
    }

    String peerName() {
        return peer.map(Result.Side::name).orElse("");
    }

    String theirs() {
        return peer.map(this::median).orElse("");
    }

    String theirSpread() {
        return peer.map(this::spread).orElse("");
    }

    private String median(Result.Side side) {
        return Result.statistics(side, figure)
                .map(s -> figure.unit().text(s.median()))
                .orElse(MISSING);
    }

    private String spread(Result.Side side) {
        return Result.statistics(side, figure)
                .map(s -> figure.unit().range(s.min(), s.max()))
                .orElse("");
    }

    private Optional<Statistics> ratios() {
        return peer.flatMap(side -> result.ratio(side, figure));
    }

    String ratio() {
        return ratios().map(s -> times(s.median())).orElse("");
    }

    String ratioSpread() {
        return ratios().map(s -> number(s.min()) + "–" + number(s.max())).orElse("");
    }

    String goal() {
        return goals.stream().map(Goal::toString).collect(Collectors.joining(", "));
    }

    String verdict() {
        return goals.stream()
                .map(goal -> result.verdict(goal).name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /// Whether runs of the same do not agree.
    boolean runsDiffer() {
        return result.runsDiffer(peer, figure);
    }

    /// Where the runs do not agree, what each of them said.
    Optional<String> disagreement() {
        if (!runsDiffer()) {
            return Optional.empty();
        }
        String medians =
                result.eachRun(peer, figure).stream()
                        .map(Statistics::median)
                        .map(value -> peer.isEmpty() ? figure.unit().text(value) : times(value))
                        .collect(Collectors.joining(", "));
        String name = peer.isEmpty() ? "" : " to " + peerName();
        return Optional.of(
                "%s, %s%s: runs differ: %s".formatted(work(), figure.title(), name, medians));
    }

    private static String times(double ratio) {
        return number(ratio) + "×";
    }

    private static String number(double ratio) {
        return String.format(
                Locale.ROOT, ratio < 0.1 ? "%.3f" : ratio < 10 ? "%.2f" : "%.1f", ratio);
    }
}
