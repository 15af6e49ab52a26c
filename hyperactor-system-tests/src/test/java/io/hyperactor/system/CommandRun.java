package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One run of the command `hyperactor`, from start to end.
///
/// @param results its standard output
/// @param messages its standard error
record CommandRun(int exitCode, List<String> results, List<String> messages) {
    /// Runs it in a process of its own.
    ///
    /// @param environment added to that of this process
    static CommandRun of(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("hyperactor-out", null);
        Path err = Files.createTempFile("hyperactor-err", null);
        try {
            var builder = new ProcessBuilder(command(arguments));
            builder.environment().putAll(environment);
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            Process process = builder.start();
            boolean ended = process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            var run = new CommandRun(process.waitFor(), lines(out), lines(err));
            assertThat(ended).as("%s ends: %s", List.of(arguments), run).isTrue();
            return run;
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:UserThreadWaitAttemptsAtExit=0",
                        "-cp",
                        ClassPaths.text(ClassPaths.commandLine()),
                        "io.hyperactor.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.UTF_8);
    }

    /// That it did what it was asked.
    CommandRun done() {
        return endedWith(0);
    }

    CommandRun endedWith(int code) {
        assertThat(exitCode).as("exit code of %s", this).isEqualTo(code);
        return this;
    }

    /// The one line of its results.
    String result() {
        assertThat(results).as("%s", this).hasSize(1);
        return results.getFirst();
    }

    /// The one line of its messages.
    String message() {
        assertThat(messages).as("%s", this).hasSize(1);
        return messages.getFirst();
    }
}
