package io.hyperactor.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Results as JSON, with every round, for whoever draws or compares them later: [Recording].
final class Report {
    private Report() {}

    static String json(Origins origins, boolean quick, List<Section> sections) {
        return json(origins, quick, sections, Optional.empty());
    }

    /// @param earlier whose results are kept where there are none of the same case in `sections`
    static String json(
            Origins origins, boolean quick, List<Section> sections, Optional<Recording> earlier) {
        List<Object> cases = new ArrayList<>();
        Set<String> fresh = new HashSet<>();
        for (Section section : sections) {
            for (Result result : section.results()) {
                fresh.add(Recording.key(section.suite().title(), result.of().name()));
                cases.add(result(section.suite(), result, origins));
            }
        }
        earlier.ifPresent(recording -> cases.addAll(0, recording.casesBut(fresh)));
        return Json.text(
                        Json.object(
                                "machine",
                                origins.newest().json(),
                                "flags",
                                Jvm.FLAGS,
                                "quick",
                                quick,
                                "cases",
                                cases))
                + "\n";
    }

    private static Object result(Suite suite, Result result, Origins origins) {
        Effort effort = result.of().effort();
        return Json.object(
                "suite", suite.title(),
                "name", result.of().name(),
                "machine", origins.of(suite, result.of()).json(),
                "operations", effort.operations(),
                "launches", effort.launches(),
                "turns", effort.turns(),
                "runs", result.runs(),
                "disturbed", result.disturbed(),
                "sides", result.sides().stream().map(Report::side).toList(),
                "goals", result.of().goals().stream().map(goal -> goal(result, goal)).toList());
    }

    private static Object side(Result.Side side) {
        return switch (side) {
            case Result.Missing(var name, var reason) ->
                    Json.object("name", name, "missing", reason);
            case Result.Ran(var name, var rounds) -> {
                Map<String, Object> figures = new LinkedHashMap<>();
                for (Figure figure : Figure.values()) {
                    Result.statistics(side, figure)
                            .ifPresent(s -> figures.put(figure.key(), figure(figure, s, rounds)));
                }
                Map<String, Object> ran = Json.object("name", name, "figures", figures);
                if (rounds.stream().anyMatch(round -> !round.samples().isEmpty())) {
                    ran.put("samples", rounds.stream().map(Round::samples).toList());
                }
                yield ran;
            }
        };
    }

    private static Object figure(Figure figure, Statistics statistics, List<Round> rounds) {
        return Json.object(
                "unit", figure.unit().symbol(),
                "median", statistics.median(),
                "min", statistics.min(),
                "max", statistics.max(),
                "rounds", rounds.stream().map(round -> round.figures().get(figure)).toList());
    }

    private static Object goal(Result result, Goal goal) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("figure", goal.figure().key());
        json.put("goal", goal.toString());
        for (Result.Side peer : result.peers()) {
            if (goal.isAgainst(peer.name())) {
                Optional<Statistics> ratio = result.ratio(peer, goal.figure());
                json.put("peer", peer.name());
                ratio.ifPresent(s -> {
                    json.put("ratio", s.median());
                    json.put("ratioMin", s.min());
                    json.put("ratioMax", s.max());
                });
            }
        }
        json.put("verdict", result.verdict(goal).name().toLowerCase(Locale.ROOT));
        return json;
    }
}
