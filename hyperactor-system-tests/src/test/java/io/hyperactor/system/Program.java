package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A program that a test runs in a process of its own. Closing it kills it.
final class Program implements AutoCloseable {
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> outputEnd = new CompletableFuture<>();

    private Program(Process process) {
        this.process = process;
        Thread.ofPlatform().name("reads " + process.pid()).start(this::read);
    }

    /// Runs a Java program with the JVM of this test.
    static Program java(List<Path> classPath, String mainClass, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(javaCommand(classPath, List.of(), mainClass));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /// The command of a Java program for the JVM of this test, without its arguments.
    static List<String> javaCommand(List<Path> classPath, List<String> flags, String mainClass) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:UserThreadWaitAttemptsAtExit=0",
                        "-Dslf4j.provider=io.hyperactor.host.StderrLogs",
                        "-Dslf4j.internal.verbosity=WARN"));
        command.addAll(flags);
        command.addAll(List.of("-cp", ClassPaths.text(classPath), mainClass));
        return command;
    }

    /// Runs any program.
    static Program run(List<String> command) throws IOException {
        return new Program(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                seen.add(line);
                lines.add(line);
            }
        } catch (IOException e) {
            seen.add(e.toString()); // it was killed
        } finally {
            outputEnd.complete(null);
        }
    }

    OsProcess process() {
        return OsProcess.of(process.pid());
    }

    /// The rest of the next line that starts like this; those before it are skipped.
    String awaitLine(String start) throws InterruptedException {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (true) {
            String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(line).as("line '%s…' of %s", start, this).isNotNull();
            if (line.startsWith(start)) {
                return line.substring(start.length()).strip();
            }
        }
    }

    /// Writes a line to its standard input.
    void say(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
    }

    /// Ends its standard input, which tells it to end.
    void endInput() throws IOException {
        process.outputWriter().close();
    }

    /// Everything it printed, after it has ended by itself with this status.
    List<String> output(int status) throws InterruptedException {
        assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("%s ends", this)
                .isTrue();
        outputEnd.join();
        assertThat(process.exitValue()).as("status of %s", this).isEqualTo(status);
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        outputEnd.join();
    }

    @Override
    public String toString() {
        return "process " + process.pid() + ", which printed " + seen;
    }
}
