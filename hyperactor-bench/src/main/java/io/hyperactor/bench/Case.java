package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.List;

/// One workload, who does it, and what we want of the result.
///
/// @param name unique in its suite
/// @param effort how much is done
/// @param contenders ours first
/// @param shown the figures that the table shows; the others are in the JSON
record Case(
        String name,
        Effort effort,
        List<Contender> contenders,
        List<Figure> shown,
        List<Goal> goals) {
    Case {
        contenders = List.copyOf(contenders);
        shown = List.copyOf(shown);
        goals = List.copyOf(goals);
    }

    /// A case with our side alone, so far.
    static Case of(String name, Effort effort, Contender ours, Figure... shown) {
        return new Case(name, effort, List.of(ours), List.of(shown), List.of());
    }

    Case against(Contender peer) {
        return new Case(name, effort, with(contenders, peer), shown, goals);
    }

    Case goal(Goal goal) {
        return new Case(name, effort, contenders, shown, with(goals, goal));
    }

    Case with(Effort other) {
        return new Case(name, other, contenders, shown, goals);
    }

    /// The same under another name with every contender in another place.
    Case placed(String newName, Contender.Placement placement) {
        return new Case(
                newName,
                effort,
                contenders.stream().map(contender -> contender.placed(placement)).toList(),
                shown,
                goals);
    }

    Case withoutGoals() {
        return new Case(name, effort, contenders, shown, List.of());
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
