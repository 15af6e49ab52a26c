package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.cli.FakeProcs.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

@Timeout(60)
class DemoCommandTest {
    @TempDir Path folder;

    private final TestShell shell = new TestShell();
    private final List<WordRule> started = new ArrayList<>();
    private Fault fault = Fault.NONE;

    private int run(String... arguments) {
        var command =
                new DemoCommand(rule -> {
                    started.add(rule);
                    return new FakeProcs(fault);
                });
        List<String> line = new ArrayList<>(List.of("demo"));
        line.addAll(List.of(arguments));
        return new CommandLineInterface(List.of(command)).run(line, shell.shell());
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void itCountsFilesAndFolders() throws IOException {
        file("in/a", "one two");
        file("in/b/c", "three\n");
        Path single = file("single", "four five six");
        assertThat(
                        run(
                                folder.resolve("in").toString(),
                                single.toString(),
                                "--json",
                                "--procs",
                                "1"))
                .isZero();
        assertThat(shell.results())
                .containsExactly(
                        "{\"words\":6,\"files\":3,\"procs\":[{\"name\":\"worker-1\",\"pid\":1001,"
                                + "\"words\":6,\"exit\":\"exited with status 0\"}]}");
        assertThat(started).containsExactly(WordRule.ofThisLocale());
    }

    @Test
    void itPrintsATableAndThenHowEachProcEnded() throws IOException {
        assertThat(run(file("a", "one two").toString())).isZero();
        List<String> results = shell.results();
        assertThat(results).hasSize(11);
        assertThat(results.getFirst()).startsWith("PROC ");
        assertThat(results.get(5)).matches("total +1 +2 +\\d+ ms");
        assertThat(results.get(6)).isEmpty();
        assertThat(results.subList(7, 11))
                .allMatch(line -> line.matches("worker-\\d: exited with status 0"));
        assertThat(shell.errors())
                .containsExactly("Counting the words of 1 file, 7 B, with 4 procs");
    }

    @Test
    void byDefaultItCountsTheSourcesOfTheProject() throws IOException {
        file("module-a/src/main/A.java", "one two");
        file("module-b/src/B.java", "three");
        file("module-b/target/C.java", "no source");
        file("README", "no source");
        shell.home(folder);
        assertThat(run("--json")).isZero();
        assertThat(shell.results()).first().asString().startsWith("{\"words\":3,\"files\":2,");
    }

    @Test
    void withoutSourcesAPathIsNeeded() {
        assertThat(run()).isEqualTo(2);
        assertThat(shell.errors()).first().asString().contains("give a PATH");
    }

    @Test
    void anEmptyFolderHasNoFilesToCount() {
        assertThat(run(folder.toString())).isEqualTo(1);
        assertThat(shell.errors()).containsExactly("hyperactor: no files to count");
        assertThat(started).isEmpty();
    }

    @Test
    void filesWithoutWordsHaveZeroWords() throws IOException {
        assertThat(run(file("a", "").toString(), file("b", " \n").toString(), "--json")).isZero();
        assertThat(shell.results()).first().asString().startsWith("{\"words\":0,\"files\":2,");
    }

    @Test
    void oneMissingPathFailsAtOnce() throws IOException {
        String missing = folder.resolve("missing").toString();
        assertThat(run(file("a", "one").toString(), missing)).isEqualTo(1);
        assertThat(shell.errors())
                .containsExactly("hyperactor: cannot read " + missing + ": no such file or folder");
        assertThat(started).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65", "-1", "four", "1.5", ""})
    void theNumberOfProcsIsWithinLimits(String procs) {
        assertThat(run("--procs", procs, folder.toString())).isEqualTo(2);
        assertThat(shell.errors()).first().asString().contains("'--procs'");
        assertThat(started).isEmpty();
    }

    @Test
    void aKilledProcIsListedAndItsWorkDoneByAFreshOne() throws IOException {
        Path file = file("a", "word\n".repeat(50_000));
        assertThat(run("--kill-one", "--procs", "2", "--json", file.toString())).isZero();
        assertThat(shell.results().getFirst())
                .startsWith("{\"words\":50000,\"files\":1,")
                .contains("\"exit\":\"killed by signal 9 (SIGKILL)\"")
                .contains("\"name\":\"worker-3\"");
    }

    @Test
    void whenAllProcsDieItFailsOnOneLine() throws IOException {
        fault = Fault.DIES;
        assertThat(run(file("a", "one").toString())).isEqualTo(1);
        assertThat(shell.results()).isEmpty();
        assertThat(shell.errors())
                .last()
                .asString()
                .startsWith("hyperactor: too many procs have died");
    }
}
