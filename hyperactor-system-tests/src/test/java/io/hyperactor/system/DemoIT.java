package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The demo, which counts words with real procs.
@SystemTest
class DemoIT {
    private static final Path SOURCES = Path.of("..", "hyperactor-wire", "src");
    private static final Pattern PROC =
            Pattern.compile(
                    "\\{\"name\":\"(worker-\\d+)\",\"pid\":\\d+,\"words\":(\\d+),\"exit\":\"([^\"]+)\"}");

    @TempDir Path folder;

    private record Proc(String name, long words, String exit) {}

    private static CommandRun demo(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of("demo"));
        all.addAll(List.of(arguments));
        return CommandRun.of(Map.of(), all.toArray(String[]::new));
    }

    private static long wc(Path path) throws Exception {
        String script = "find \"$0\" -type f -print0 | wc -w --files0-from=- | tail -n 1";
        Process process = new ProcessBuilder("sh", "-c", script, path.toString()).start();
        try (var output = process.inputReader()) {
            long words = Long.parseLong(output.readLine().strip().split(" ", 2)[0]);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return words;
        }
    }

    private static List<Proc> procs(String json) {
        return PROC.matcher(json)
                .results()
                .map(m -> new Proc(m.group(1), Long.parseLong(m.group(2)), m.group(3)))
                .toList();
    }

    private static void assertTotals(String json, long words) {
        assertThat(json).startsWith("{\"words\":" + words + ",\"files\":").endsWith("]}");
        assertThat(procs(json).stream().mapToLong(Proc::words).sum()).isEqualTo(words);
    }

    @Test
    void itsTotalsAreThoseOfWc() throws Exception {
        String json = demo("--json", SOURCES.toString()).done().result();
        assertTotals(json, wc(SOURCES));
        assertThat(procs(json))
                .hasSize(4)
                .allMatch(proc -> proc.words() > 0)
                .allMatch(proc -> proc.exit().equals("exited with status 0"));
    }

    @Test
    void itsTotalsAreRightWhenAProcIsKilled() throws Exception {
        String json = demo("--json", "--kill-one", SOURCES.toString()).done().result();
        assertTotals(json, wc(SOURCES));
        List<Proc> procs = procs(json);
        assertThat(procs).hasSize(5);
        assertThat(procs)
                .filteredOn(proc -> proc.exit().equals("killed by signal 9 (SIGKILL)"))
                .hasSize(1);
        assertThat(procs.getLast().words()).as("words of the fresh proc").isPositive();
    }

    @Test
    void itShowsATableAndHowEachProcEnded() throws Exception {
        CommandRun run = demo("--procs", "2", SOURCES.toString()).done();
        assertThat(run.results()).hasSize(7);
        assertThat(run.results().getFirst()).startsWith("PROC ");
        assertThat(run.results().subList(5, 7))
                .containsExactly(
                        "worker-1: exited with status 0", "worker-2: exited with status 0");
        assertThat(run.message()).startsWith("Counting the words of ").endsWith("with 2 procs");
    }

    @Test
    void aSignalEndsItAndLeavesNothing() throws Exception {
        Path large = folder.resolve("large");
        Files.writeString(large, "word ".repeat(20_000_000));
        try (Program demo =
                Program.java(
                        ClassPaths.commandLine(),
                        "io.hyperactor.cli.Main",
                        "demo",
                        large.toString())) {
            demo.awaitLine("Counting the words of 1 file");
            demo.process().signal("TERM");
            assertThat(demo.output(128 + 15)).hasSize(1);
        }
    }

    @Test
    void withoutInputThereIsNoHost() throws Exception {
        assertThat(demo(folder.toString()).endedWith(1).message())
                .isEqualTo("hyperactor: no files to count");
        Path missing = folder.resolve("missing");
        assertThat(demo(missing.toString()).endedWith(1).message())
                .isEqualTo("hyperactor: cannot read " + missing + ": no such file or folder");
    }
}
