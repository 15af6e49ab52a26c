package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One workload, who does it, and what we want of the result.
///
/// @param name unique in its suite
/// @param effort how much is done
/// @param contenders ours first
/// @param shown the figures that the table shows; the others are in the JSON
/// @param point where it lies if it is one of several cases that differ in a number only
record Case(
        String name,
        Effort effort,
        List<Contender> contenders,
        List<Figure> shown,
        List<Goal> goals,
        Optional<Point> point) {
    Case {
        contenders = List.copyOf(contenders);
        shown = List.copyOf(shown);
        goals = List.copyOf(goals);
    }

    /// One point of a line in a chart.
    ///
    /// @param line which one
    /// @param x what grows along it
    record Point(Line line, double x) {}

    /// What grows from case to case.
    enum Line {
        SIZES("bytes in a message"),
        ACTORS("actors"),
        PROCS("procs of the host"),
        ASK_LOAD("percent of the most that it can do"),
        ASK_RATE("asks a second");

        private final String axis;

        Line(String axis) {
            this.axis = axis;
        }

        String axis() {
            return axis;
        }

        String title() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// A case with our side alone, so far.
    static Case of(String name, Effort effort, Contender ours, Figure... shown) {
        return new Case(name, effort, List.of(ours), List.of(shown), List.of(), Optional.empty());
    }

    Case against(Contender peer) {
        return new Case(name, effort, with(contenders, peer), shown, goals, point);
    }

    Case goal(Goal goal) {
        return new Case(name, effort, contenders, shown, with(goals, goal), point);
    }

    Case with(Effort other) {
        return new Case(name, other, contenders, shown, goals, point);
    }

    /// The same under another name with every contender in another place.
    Case placed(String newName, Contender.Placement placement) {
        return new Case(
                newName,
                effort,
                contenders.stream().map(contender -> contender.placed(placement)).toList(),
                shown,
                goals,
                point);
    }

    Case at(Line line, double x) {
        return new Case(name, effort, contenders, shown, goals, Optional.of(new Point(line, x)));
    }

    Contender ours() {
        return contenders.getFirst();
    }

    private static <T> List<T> with(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
