package io.hyperactor.bench;

import java.util.List;
import java.util.Optional;

/// What came of a case.
///
/// @param sides one for each contender, in their order
/// @param disturbed how many turns were taken while the machine was busy with something else
record Result(Case of, List<Side> sides, int disturbed) {
    Result {
        sides = List.copyOf(sides);
    }

    /// What came of one contender.
    sealed interface Side {
        String name();
    }

    /// It ran.
    record Ran(String name, List<Round> rounds) implements Side {
        Ran {
            rounds = List.copyOf(rounds);
        }
    }

    /// It could not be measured, or not to the end.
    record Missing(String name, String reason) implements Side {}

    /// How a goal came out.
    enum Verdict {
        MET,
        MISSED,
        /// A side it is about is missing.
        UNKNOWN
    }

    Side ours() {
        return sides.getFirst();
    }

    List<Side> peers() {
        return sides.subList(1, sides.size());
    }

    /// A side's figure over all rounds; empty if the side is missing or does not tell this figure.
    static Optional<Statistics> statistics(Side side, Figure figure) {
        if (!(side instanceof Ran(_, var rounds))
                || !rounds.stream().allMatch(round -> round.figures().containsKey(figure))) {
            return Optional.empty();
        }
        return Optional.of(
                Statistics.of(rounds.stream().map(round -> round.figures().get(figure)).toList()));
    }

    /// Our median as a multiple of a peer's.
    Optional<Double> ratio(Side peer, Figure figure) {
        Optional<Statistics> theirs = statistics(peer, figure);
        return statistics(ours(), figure)
                .flatMap(mine -> theirs.map(their -> mine.median() / their.median()));
    }

    Verdict verdict(Goal goal) {
        return switch (goal) {
            case Goal.AtLeast(var figure, var peer, double bound) ->
                    verdict(ratio(side(peer), figure).map(ratio -> ratio >= bound));
            case Goal.AtMost(var figure, var peer, double bound) ->
                    verdict(ratio(side(peer), figure).map(ratio -> ratio <= bound));
            case Goal.Within(var figure, double bound) ->
                    verdict(statistics(ours(), figure).map(mine -> mine.median() <= bound));
        };
    }

    private static Verdict verdict(Optional<Boolean> met) {
        return met.map(yes -> yes ? Verdict.MET : Verdict.MISSED).orElse(Verdict.UNKNOWN);
    }

    private Side side(String name) {
        return sides.stream()
                .filter(side -> side.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender " + name));
    }
}
