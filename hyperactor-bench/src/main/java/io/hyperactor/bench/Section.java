package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The results of one suite.
record Section(Suite suite, List<Result> results) {
    Section {
        results = List.copyOf(results);
    }

    /// The same with one result more.
    Section and(Result more) {
        return new Section(suite, Stream.concat(results.stream(), Stream.of(more)).toList());
    }

    /// Whether a workload of ours did not run to its end.
    boolean oursFailed() {
        return results.stream().anyMatch(result -> result.ours() instanceof Result.Missing);
    }

    List<Row> rows() {
        return results.stream().flatMap(result -> Row.of(result).stream()).toList();
    }

    /// What a reader of the figures must know, one sentence each.
    List<String> notes() {
        return Stream.concat(
                        results.stream().flatMap(result -> notes(result).stream()),
                        rows().stream().flatMap(row -> row.disagreement().stream()))
                .distinct()
                .toList();
    }

    private static List<String> notes(Result result) {
        List<String> notes = new ArrayList<>();
        for (Result.Side side : result.sides()) {
            if (side instanceof Result.Missing(var name, var reason)) {
                notes.add(name + " " + Row.MISSING + ": " + reason);
            }
        }
        if (result.disturbed() > 0) {
            notes.add(
                    "%s: %d of %d turns while the machine was busy with something else"
                            .formatted(
                                    result.of().name(),
                                    result.disturbed(),
                                    result.of().effort().turns() * result.runs()));
        }
        return notes;
    }

    /// Results of several runs, put together case by case.
    static List<Section> together(List<List<Section>> runs) {
        List<Section> sections = new ArrayList<>();
        for (Section first : runs.getFirst()) {
            List<Section> same =
                    runs.stream()
                            .flatMap(List::stream)
                            .filter(section -> section.suite == first.suite)
                            .toList();
            sections.add(
                    new Section(
                            first.suite,
                            first.results.stream().map(result -> together(result, same)).toList()));
        }
        return sections;
    }

    private static Result together(Result first, List<Section> sections) {
        return Result.together(
                sections.stream()
                        .flatMap(section -> section.results.stream())
                        .filter(result -> result.of().name().equals(first.of().name()))
                        .collect(Collectors.toList()));
    }
}
