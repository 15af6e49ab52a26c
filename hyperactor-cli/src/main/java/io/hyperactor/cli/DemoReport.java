package io.hyperactor.cli;

import java.time.Duration;
import java.util.List;

/// What the demo found out.
///
/// @param words in all files
/// @param procs in the order they were launched
/// @param elapsed from the first chunk sent to the last answer
record DemoReport(long words, int files, List<ProcReport> procs, Duration elapsed) {
    /// One proc's part.
    ///
    /// @param chunks how many chunks it has counted, each of which was a message
    /// @param words how many words were in them
    /// @param time from its first chunk to its last answer
    /// @param exit how its process ended
    record ProcReport(String name, long pid, int chunks, long words, Duration time, String exit) {}

    DemoReport {
        procs = List.copyOf(procs);
    }

    /// The report as one line of JSON.
    String json() {
        return JsonWriter.write(
                JsonWriter.object(
                        "words",
                        words,
                        "files",
                        files,
                        "procs",
                        procs.stream()
                                .map(proc ->
                                        JsonWriter.object(
                                                "name", proc.name(),
                                                "pid", proc.pid(),
                                                "words", proc.words(),
                                                "exit", proc.exit()))
                                .toList()));
    }

    /// The report as lines for people.
    List<String> table() {
        var table =
                new Table(
                        List.of(
                                Table.Column.left("PROC"),
                                Table.Column.right("PID"),
                                Table.Column.right("MESSAGES"),
                                Table.Column.right("WORDS"),
                                Table.Column.right("TIME")));
        int chunks = 0;
        for (ProcReport proc : procs) {
            chunks += proc.chunks();
            table.row(
                    List.of(
                            proc.name(),
                            Long.toString(proc.pid()),
                            Quantity.count(proc.chunks()),
                            Quantity.count(proc.words()),
                            Quantity.duration(proc.time())));
        }
        table.row(
                List.of(
                        "total",
                        "",
                        Quantity.count(chunks),
                        Quantity.count(words),
                        Quantity.duration(elapsed)));
        return table.lines();
    }
}
