package io.hyperactor.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A shell that remembers what was printed.
final class TestShell {
    static final Path RUNTIME_DIRECTORY = Path.of("/run/user/test/hyperactor");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private Path runtimeDirectory = RUNTIME_DIRECTORY;
    private Optional<Path> home = Optional.empty();

    TestShell variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    TestShell runtimeDirectory(Path directory) {
        runtimeDirectory = directory;
        return this;
    }

    TestShell home(Path folder) {
        home = Optional.of(folder);
        return this;
    }

    Shell shell() {
        return new Shell(stream(out), stream(err), environment, runtimeDirectory, home, false);
    }

    List<String> results() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    List<String> errors() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }
}
