package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class BenchTest {
    @TempDir Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private int run(String... arguments) throws InterruptedException {
        return Bench.run(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return errors.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void aFileThatIsNotThereIsSaidOnOneLine() throws Exception {
        Path missing = folder.resolve("missing.json");
        assertThat(run("--from", missing.toString())).isEqualTo(1);
        assertThat(said()).isEqualTo("hyperactor: there is no file " + missing);
        assertThat(out.size()).isZero();
    }

    @Test
    void aFileThatIsNoReportIsSaidOnOneLine() throws Exception {
        Path other = Files.writeString(folder.resolve("other.json"), "[]");
        assertThat(run("--from", other.toString())).isEqualTo(1);
        assertThat(said()).startsWith("hyperactor: " + other + " is no report: ").hasLineCount(1);
        Files.writeString(other, "{}");
        errors.reset();
        assertThat(run("--from", other.toString())).isEqualTo(1);
        assertThat(said()).startsWith("hyperactor: " + other + " is no report: ").hasLineCount(1);
    }

    @Test
    void aFileThatCannotBeReadIsSaidOnOneLine() throws Exception {
        assertThat(run("--from", folder.toString())).isEqualTo(1);
        assertThat(said()).startsWith("hyperactor: ").hasLineCount(1);
    }

    @Test
    void figuresOfAQuickRunAreNotPutTogetherWithOthers() throws Exception {
        Path quick = folder.resolve("quick.json");
        Machine machine = new Machine(Instant.EPOCH, 2, "", "", Map.of(), 0);
        Files.writeString(quick, Report.json(new Origins(machine), true, List.of()));

        assertThat(run("--json", quick.toString())).isEqualTo(1);
        assertThat(said()).startsWith("hyperactor: " + quick + " is of a run with --quick");
        assertThat(out.size()).isZero();
    }
}
