package io.hyperactor.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Inputs that are kept: hostile ones that were thought up, good ones for the fuzzer to start from,
/// and every one that has found something.
final class Corpus {
    private static final Path ROOT = Path.of("src/test/resources/corpus");

    private Corpus() {}

    static Path of(FuzzTarget target) {
        return ROOT.resolve(target.corpus());
    }

    static List<Path> files(FuzzTarget target) {
        try (var files = Files.list(of(target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no corpus for " + target, e);
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
