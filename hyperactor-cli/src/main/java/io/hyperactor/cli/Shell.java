package io.hyperactor.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a command sees of the process it runs in.
///
/// @param out for results
/// @param err for everything else
/// @param environment the environment variables
/// @param runtimeDirectory the folder for sockets that is the user's own; may not exist yet
/// @param home the source tree that the launcher belongs to, if it was started by one
/// @param terminal whether a person looks at `err` and it can move its cursor
record Shell(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path runtimeDirectory,
        Optional<Path> home,
        boolean terminal) {
    Shell {
        environment = Map.copyOf(environment);
    }

    /// That of this process.
    static Shell ofThisProcess(Path runtimeDirectory) {
        return new Shell(
                System.out,
                System.err,
                System.getenv(),
                runtimeDirectory,
                Optional.ofNullable(System.getProperty("hyperactor.home")).map(Path::of),
                Boolean.getBoolean("hyperactor.terminal"));
    }

    /// Prints a result.
    void result(String line) {
        out.println(line);
    }

    /// Says what is going on.
    void note(String line) {
        err.println(line);
    }

    /// Says on one line what went wrong.
    void error(String message) {
        err.println("hyperactor: " + message.strip().replaceAll("\\s*\\R\\s*", "; "));
    }
}
