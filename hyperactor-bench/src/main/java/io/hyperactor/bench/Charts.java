package io.hyperactor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Draws results into a folder: `goals.svg`, one file with bars for each suite, and one with lines
/// for whatever grows from case to case.
final class Charts {
    private Charts() {}

    static void draw(Path folder, List<Section> sections) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("goals.svg"), GoalsChart.draw(sections));
        for (Section section : sections) {
            if (section.results().stream().anyMatch(result -> result.of().point().isEmpty())) {
                Files.writeString(
                        folder.resolve(section.suite().title() + ".svg"), BarsChart.draw(section));
            }
        }
        for (Case.Line line : Case.Line.values()) {
            List<Result> results = of(line, sections);
            if (LinesChart.hasFigures(results)) {
                Files.writeString(
                        folder.resolve(line.title() + ".svg"), LinesChart.draw(line, results));
            }
        }
    }

    private static List<Result> of(Case.Line line, List<Section> sections) {
        return sections.stream()
                .flatMap(section -> section.results().stream())
                .filter(result ->
                        result.of().point().filter(point -> point.line() == line).isPresent())
                .toList();
    }
}
