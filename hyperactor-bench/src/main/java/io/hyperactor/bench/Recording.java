package io.hyperactor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// What [Report] wrote, read again: results of the cases that there still are. Goals are those of
/// today.
final class Recording {
    private static final String MACHINE = "machine";

    private final Map<String, Object> report;

    private Recording(Map<String, Object> report) {
        this.report = report;
    }

    /// @throws IllegalArgumentException if it is no report
    static Recording of(String json) {
        return new Recording(map(JsonReader.parse(json)));
    }

    static Recording read(Path file) throws IOException {
        try {
            Recording recording = of(Files.readString(file));
            var _ = recording.machine(); // which every report has
            return recording;
        } catch (IllegalArgumentException | ClassCastException | DateTimeException e) {
            throw new IOException(file + " is no report: " + e.getMessage(), e);
        }
    }

    /// Where the newest of it was measured.
    Machine machine() {
        return machine(map(report, MACHINE));
    }

    /// Where a case was measured.
    Machine machine(Suite suite, Case of) {
        return find(suite, of).map(this::machineOf).map(Recording::machine).orElse(machine());
    }

    /// Files of the time before a case could be of another run say it once for all.
    private Map<String, Object> machineOf(Map<String, Object> of) {
        return map(of.containsKey(MACHINE) ? of : report, MACHINE);
    }

    private static Machine machine(Map<String, Object> machine) {
        Map<String, String> versions = new LinkedHashMap<>();
        map(machine, "versions").forEach((name, value) -> versions.put(name, (String) value));
        return new Machine(
                Instant.parse(text(machine, "at")),
                number(machine, "processors"),
                text(machine, "processor"),
                text(machine, "os"),
                versions,
                (Double) machine.getOrDefault("load", -1.0));
    }

    /// The cases as they were written, each with its machine.
    ///
    /// @param keys those that are left out
    List<Object> casesBut(Set<String> keys) {
        List<Object> others = new ArrayList<>();
        for (Object each : list(report, "cases")) {
            Map<String, Object> of = new LinkedHashMap<>(map(each));
            if (!keys.contains(key(text(of, "suite"), text(of, "name")))) {
                of.put(MACHINE, machineOf(of));
                others.add(of);
            }
        }
        return others;
    }

    /// What names a case in a report.
    static String key(String suite, String name) {
        return suite + "/" + name;
    }

    boolean quick() {
        return Boolean.TRUE.equals(report.get("quick"));
    }

    /// The result of a case, if it was measured.
    Optional<Result> result(Suite suite, Case of) {
        return find(suite, of).map(each -> result(of, each));
    }

    private Optional<Map<String, Object>> find(Suite suite, Case of) {
        return list(report, "cases").stream()
                .map(Recording::map)
                .filter(each -> text(each, "suite").equals(suite.title()))
                .filter(each -> text(each, "name").equals(of.name()))
                .findFirst();
    }

    private static Result result(Case of, Map<String, Object> json) {
        int launches = number(json, "launches");
        Effort effort =
                new Effort(
                        number(json, "operations"),
                        launches,
                        of.effort().warmups(),
                        number(json, "turns") / launches);
        List<Map<String, Object>> sides = list(json, "sides").stream().map(Recording::map).toList();
        return new Result(
                of.with(effort),
                of.contenders().stream().map(contender -> side(contender.name(), sides)).toList(),
                number(json, "disturbed"),
                number(json, "runs"));
    }

    private static Result.Side side(String name, List<Map<String, Object>> sides) {
        return sides.stream()
                .filter(side -> text(side, "name").equals(name))
                .map(Recording::side)
                .findFirst()
                .orElse(new Result.Missing(name, "was no part of that run"));
    }

    private static Result.Side side(Map<String, Object> json) {
        String name = text(json, "name");
        if (json.containsKey("missing")) {
            return new Result.Missing(name, text(json, "missing"));
        }
        Map<Figure, List<Object>> figures = new LinkedHashMap<>();
        map(json, "figures")
                .forEach((key, value) -> figures.put(Figure.of(key), list(map(value), "rounds")));
        List<Object> samples = list(json, "samples");
        int rounds = figures.values().stream().mapToInt(List::size).min().orElse(0);
        return new Result.Ran(
                name,
                IntStream.range(0, rounds).mapToObj(i -> round(i, figures, samples)).toList());
    }

    private static Round round(int index, Map<Figure, List<Object>> figures, List<Object> samples) {
        Map<Figure, Double> values = new LinkedHashMap<>();
        figures.forEach((figure, rounds) -> values.put(figure, (Double) rounds.get(index)));
        List<Double> single = new ArrayList<>();
        if (index < samples.size()) {
            list(samples.get(index)).forEach(each -> single.add((Double) each));
        }
        return new Round(values, single);
    }

    private static Map<String, Object> map(Map<String, Object> json, String name) {
        return map(json.getOrDefault(name, Map.of()));
    }

    private static List<Object> list(Map<String, Object> json, String name) {
        return list(json.getOrDefault(name, List.of()));
    }

    private static int number(Map<String, Object> json, String name) {
        return ((Double) json.getOrDefault(name, 1.0)).intValue();
    }

    private static String text(Map<String, Object> json, String name) {
        return (String) json.getOrDefault(name, "");
    }

    @SuppressWarnings("unchecked") // the reader makes nothing else
    private static Map<String, Object> map(Object json) {
        return (Map<String, Object>) json;
    }

    @SuppressWarnings("unchecked") // the reader makes nothing else
    private static List<Object> list(Object json) {
        return (List<Object>) json;
    }
}
