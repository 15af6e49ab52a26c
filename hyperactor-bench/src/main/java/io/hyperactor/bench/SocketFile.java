package io.hyperactor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A path for a socket, alone in a private folder. Both are gone when this is closed, or when this
/// JVM is told to end.
public final class SocketFile implements AutoCloseable {
    private final Path folder;
    private final Path path;

    /// Makes the folder.
    public SocketFile() throws IOException {
        folder = Files.createTempDirectory("hyperactor-bench-");
        path = folder.resolve("s");
        folder.toFile().deleteOnExit();
        path.toFile().deleteOnExit();
    }

    /// Where nothing is yet.
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
