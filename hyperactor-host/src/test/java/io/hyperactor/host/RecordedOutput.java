package io.hyperactor.host;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps the lines launched processes print, for a test that waits for one.
final class RecordedOutput implements OutputListener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Line(String name, String text) {}

    private final List<Line> lines = new ArrayList<>();

    @Override
    public synchronized void line(Instant time, String name, long pid, Stream stream, String line) {
        lines.add(new Line(name, line));
    }

    /// What `process` has printed so far.
    List<String> of(LaunchedProcess process) {
        return named(process.name());
    }

    /// What was printed under `name` so far.
    synchronized List<String> named(String name) {
        var texts = new ArrayList<String>();
        for (Line line : lines) {
            if (line.name().equals(name)) {
                texts.add(line.text());
            }
        }
        return texts;
    }

    /// Waits for a line of `process` that begins with `prefix` and returns the rest of it.
    String await(LaunchedProcess process, String prefix) {
        return awaitLine(process, prefix).substring(prefix.length());
    }

    private String awaitLine(LaunchedProcess process, String prefix) {
        return Awaitility.await(prefix)
                .atMost(PATIENCE)
                .until(() -> find(process, prefix), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<String> find(LaunchedProcess process, String prefix) {
        return of(process).stream().filter(line -> line.startsWith(prefix)).findFirst();
    }
}
