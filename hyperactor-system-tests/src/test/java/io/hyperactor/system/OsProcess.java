package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// A process as `/proc` shows it, for tests that look from outside.
record OsProcess(long pid) {
    static List<OsProcess> all() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(name -> new OsProcess(Long.parseLong(name)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `S` asleep, `R` running, `T` stopped, `Z` a zombie, `-` no such process.
    char state() {
        String stat = read("stat");
        return stat.isEmpty() ? '-' : stat.charAt(stat.lastIndexOf(')') + 2);
    }

    /// Neither gone nor a zombie.
    boolean isAlive() {
        return "-ZX".indexOf(state()) < 0;
    }

    /// What it was started with: `NAME=value`, each with a NUL at its end.
    String environment() {
        return read("environ");
    }

    private String read(String file) {
        try {
            return Files.readString(
                    Path.of("/proc", String.valueOf(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // gone, or another user's
        }
    }

    /// Sends a signal, such as `KILL` or `STOP`.
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
        assertThat(kill.waitFor()).as("kill -%s %d", name, pid).isZero();
    }

    void awaitState(char wanted) {
        await().atMost(Patience.LIMIT).until(() -> state() == wanted);
    }

    void awaitGone() {
        await(this + " is gone")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Patience.LIMIT)
                .until(() -> !isAlive());
    }

    @Override
    public String toString() {
        String command = read("cmdline").replace('\0', ' ');
        return pid + " (" + state() + "): " + command.substring(0, Math.min(120, command.length()));
    }
}
