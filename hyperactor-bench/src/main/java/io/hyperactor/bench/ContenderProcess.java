package io.hyperactor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A running contender, as seen from outside. One thread.
final class ContenderProcess implements AutoCloseable {
    private static final int LINES_OF_LOG = 5;
    private static final Duration TO_END = Duration.ofSeconds(10);

    private final Process process;
    private final Path log;
    private final Writer in;
    private final LinkedBlockingQueue<Optional<String>> said = new LinkedBlockingQueue<>();

    private ContenderProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        in = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().start(this::listen);
    }

    /// What it prints to its standard error goes into a file, for [#lastWords()].
    static ContenderProcess start(List<String> command) throws IOException {
        Path log = Files.createTempFile("hyperactor-bench-", ".log");
        log.toFile().deleteOnExit(); // should this JVM be told to end
        try {
            return new ContenderProcess(
                    new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
        } catch (IOException e) {
            Files.delete(log);
            throw e;
        }
    }

    private void listen() {
        try (var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(Worker.PREFIX)) {
                    said.add(Optional.of(line.substring(Worker.PREFIX.length())));
                }
            }
        } catch (IOException e) {
            // it ended in the middle of a line
        }
        said.add(Optional.empty());
    }

    void awaitReady(Duration patience) throws Unavailable, InterruptedException {
        String line = next(patience);
        if (!line.equals(Worker.READY)) {
            throw new Unavailable("said '" + line + "' instead of '" + Worker.READY + "'");
        }
    }

    Round round(int operations, Duration patience) throws Unavailable, InterruptedException {
        try {
            in.write(Worker.ROUND + operations + "\n");
            in.flush();
        } catch (IOException e) {
            throw new Unavailable("ended" + lastWords());
        }
        String line = next(patience);
        try {
            return Round.parse(line);
        } catch (IllegalArgumentException e) {
            throw new Unavailable("said '" + line + "', which is not a result: " + e.getMessage());
        }
    }

    private String next(Duration patience) throws Unavailable, InterruptedException {
        Optional<String> line = said.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
            throw new Unavailable("no answer within " + patience.toSeconds() + " s" + lastWords());
        }
        String said = line.orElseThrow(() -> new Unavailable("ended" + lastWords()));
        if (said.startsWith(Worker.FAILED)) {
            throw new Unavailable(said);
        }
        return said;
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            List<String> last =
                    lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size());
            return last.isEmpty() ? "" : ": " + String.join(" | ", last);
        } catch (IOException e) {
            return " (and its log can not be read: " + e + ")";
        }
    }

    /// Asks it to end and makes sure that it does.
    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            // it has ended already
        }
        try {
            if (!process.waitFor(TO_END.toNanos(), TimeUnit.NANOSECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
