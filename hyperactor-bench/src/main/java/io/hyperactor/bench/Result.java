package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What came of a case.
///
/// @param sides one for each contender, in their order
/// @param disturbed how many turns were taken while the machine was busy with something else
/// @param runs how often the case was measured; the rounds of one run follow those of another
record Result(Case of, List<Side> sides, int disturbed, int runs) {
    Result {
        sides = List.copyOf(sides);
    }

    /// What came of one contender.
    sealed interface Side {
        String name();
    }

    /// It ran. The rounds are in the order in which all contenders took their turns.
    record Ran(String name, List<Round> rounds) implements Side {
        Ran {
            rounds = List.copyOf(rounds);
        }

        /// Nothing if one round does not tell this figure.
        private List<Double> values(Figure figure) {
            List<Double> values = new ArrayList<>();
            for (Round round : rounds) {
                Double value = round.figures().get(figure);
                if (value == null) {
                    return List.of();
                }
                values.add(value);
            }
            return values;
        }

        private Optional<Statistics> statistics(Figure figure) {
            List<Double> values = values(figure);
            if (values.isEmpty()) {
                return Optional.empty();
            }
            Statistics each = Statistics.of(values);
            return Optional.of(
                    figure.percentile()
                            .flatMap(this::pooled)
                            .map(all -> new Statistics(all, each.min(), each.max()))
                            .orElse(each));
        }

        /// A percentile of the samples of all rounds together, if there are any.
        private Optional<Double> pooled(double share) {
            if (rounds.stream().anyMatch(round -> round.samples().isEmpty())) {
                return Optional.empty();
            }
            double[] sorted =
                    rounds.stream()
                            .flatMap(round -> round.samples().stream())
                            .mapToDouble(Double::doubleValue)
                            .sorted()
                            .toArray();
            return Optional.of(sorted[Statistics.rank(sorted.length, share)]);
        }

        private Ran part(int index, int parts) {
            int each = rounds.size() / parts;
            return new Ran(name, rounds.subList(index * each, (index + 1) * each));
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

    /// Results of the same case, measured again and again, as one. Who was missing once is missing.
    static Result together(List<Result> results) {
        Result first = results.getFirst();
        List<Side> sides = new ArrayList<>();
        for (int i = 0; i < first.sides.size(); i++) {
            int side = i;
            sides.add(together(results.stream().map(each -> each.sides.get(side)).iterator()));
        }
        return new Result(
                first.of,
                sides,
                results.stream().mapToInt(Result::disturbed).sum(),
                results.size());
    }

    private static Side together(Iterator<Side> sides) {
        List<Round> rounds = new ArrayList<>();
        String name = "";
        while (sides.hasNext()) {
            switch (sides.next()) {
                case Missing missing -> {
                    return missing;
                }
                case Ran(var who, var more) -> {
                    name = who;
                    rounds.addAll(more);
                }
            }
        }
        return new Ran(name, rounds);
    }

    Side ours() {
        return sides.getFirst();
    }

    List<Side> peers() {
        return sides.subList(1, sides.size());
    }

    /// A side's figure over all rounds; empty if the side is missing or does not tell this figure.
    static Optional<Statistics> statistics(Side side, Figure figure) {
        return side instanceof Ran ran ? ran.statistics(figure) : Optional.empty();
    }

    /// Ours as a multiple of a peer's, turn by turn. What slows the machine for a while slows both
    /// sides of such a ratio.
    Optional<Statistics> ratio(Side peer, Figure figure) {
        return ours() instanceof Ran mine && peer instanceof Ran other
                ? ratio(mine.values(figure), other.values(figure))
                : Optional.empty();
    }

    /// None to nothing: that is no number.
    private static Optional<Statistics> ratio(List<Double> mine, List<Double> theirs) {
        int turns = Math.min(mine.size(), theirs.size());
        return turns == 0 || theirs.contains(0.0)
                ? Optional.empty()
                : Optional.of(
                        Statistics.of(
                                IntStream.range(0, turns)
                                        .mapToObj(i -> mine.get(i) / theirs.get(i))
                                        .toList()));
    }

    /// The same figure of ours in each run, or the ratio to a peer.
    List<Statistics> eachRun(Optional<Side> peer, Figure figure) {
        return IntStream.range(0, runs)
                .mapToObj(i -> oneRun(i, peer, figure))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Statistics> oneRun(int index, Optional<Side> peer, Figure figure) {
        if (!(ours() instanceof Ran mine)) {
            return Optional.empty();
        }
        Ran part = mine.part(index, runs);
        if (peer.isEmpty()) {
            return part.statistics(figure);
        }
        return peer.get() instanceof Ran other
                ? ratio(part.values(figure), other.part(index, runs).values(figure))
                : Optional.empty();
    }

    /// Whether the median of one run lies outside the spread of another one.
    boolean runsDiffer(Optional<Side> peer, Figure figure) {
        List<Statistics> each = eachRun(peer, figure);
        return each.stream().anyMatch(one -> !each.stream().allMatch(one::agreesWith));
    }

    /// How many times better than wanted it is: 1 just meets the goal, less misses it. Empty if a
    /// side is missing.
    Optional<Double> margin(Goal goal) {
        return switch (goal) {
            case Goal.AtLeast(var figure, var peer, double bound) ->
                    ratio(side(peer), figure).map(ratio -> ratio.median() / bound);
            case Goal.AtMost(var figure, var peer, double bound) ->
                    ratio(side(peer), figure).map(ratio -> bound / ratio.median());
            case Goal.Within(var figure, double bound) ->
                    statistics(ours(), figure).map(mine -> bound / mine.median());
            case Goal.Never(var figure, double bound) ->
                    statistics(ours(), figure).map(mine -> bound / mine.max());
        };
    }

    Verdict verdict(Goal goal) {
        return margin(goal)
                .map(margin -> margin >= 1 ? Verdict.MET : Verdict.MISSED)
                .orElse(Verdict.UNKNOWN);
    }

    private Side side(String name) {
        return sides.stream()
                .filter(side -> side.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender " + name));
    }
}
