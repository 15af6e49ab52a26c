package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;

/// Finds the program of a launch before anything is started: a child that starts another program on
/// its way could only report a missing one by its own exit.
final class ProgramPath {
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final FileThreads THREADS = new FileThreads();
    private static final Map<List<Object>, FutureTask<Path>> LOOKS = new ConcurrentHashMap<>();

    private ProgramPath() {}

    /// The same, for who can not wait for a file system that does not answer, whoever interrupts.
    /// Those who look for the same wait for one.
    static Path findInTime(LaunchSpec spec) throws IOException {
        List<Object> what =
                List.of(
                        spec.directory(),
                        spec.command().getFirst(),
                        spec.environment().getOrDefault("PATH", DEFAULT_PATH));
        var look =
                new FutureTask<Path>(() -> find(spec)) {
                    @Override
                    protected void done() {
                        LOOKS.remove(what, this);
                    }
                };
        FutureTask<Path> other = LOOKS.putIfAbsent(what, look);
        if (other == null) {
            THREADS.begin(look);
        }
        return FileThreads.found(other == null ? look : other, LIMIT);
    }

    /// The absolute path of the program of `spec`: with a `/` in it as seen from the launch's
    /// directory, else the first one on its `PATH`.
    ///
    /// @throws IOException if it is missing, not a file or may not be executed, or the directory is
    ///   missing
    static Path find(LaunchSpec spec) throws IOException {
        Path directory = spec.directory().orElse(Path.of("")).toAbsolutePath();
        if (!Files.isDirectory(directory)) {
            throw new IOException("directory " + directory + ": " + Errno.text(Errno.ENOENT));
        }
        String program = spec.command().getFirst();
        Optional<Path> found =
                program.contains("/")
                        ? Optional.of(directory.resolve(program))
                        : search(program, directory, spec);
        Path path = found.orElseThrow(() -> new IOException(Errno.text(Errno.ENOENT)));
        if (!Files.exists(path)) {
            throw new IOException(Errno.text(Errno.ENOENT));
        }
        if (!isProgram(path)) {
            throw new IOException(Errno.text(Errno.EACCES));
        }
        return path;
    }

    private static Optional<Path> search(String program, Path directory, LaunchSpec spec) {
        for (String entry : spec.environment().getOrDefault("PATH", DEFAULT_PATH).split(":", -1)) {
            Path path = directory.resolve(entry).resolve(program);
            if (isProgram(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
