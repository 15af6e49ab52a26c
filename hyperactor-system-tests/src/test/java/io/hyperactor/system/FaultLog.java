package io.hyperactor.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// `target/faults.jsonl`: a line of JSON for each row that this run of the tests has measured.
final class FaultLog {
    private static final Path FILE = begin(Path.of("target", "faults.jsonl"));

    private FaultLog() {}

    private static Path begin(Path file) {
        try {
            Files.createDirectories(Path.of("target"));
            return Files.writeString(file, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void append(String json) {
        try {
            Files.writeString(FILE, json + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
