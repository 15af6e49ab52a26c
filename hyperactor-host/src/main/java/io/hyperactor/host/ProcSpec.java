package io.hyperactor.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How a proc is run in a process of its own.
///
/// @param program what the process runs
/// @param environment variables the process gets besides those it inherits; public, like a command
/// @param inherits names of more variables that it takes over from the host's environment, besides
///   `PATH HOME USER LANG LC_* TZ TMPDIR XDG_RUNTIME_DIR JAVA_HOME HYPERACTOR_*`
/// @param directory where it starts; empty for the host's own
/// @param readyTimeout how long a spawn waits until it is ready, zero for ever; empty for
///   [HostConfig#spawnReadyTimeout()]
/// @param readyActor the name of an actor that must answer an [EchoMessage] before the proc counts
///   as ready; empty if having called back is enough
/// @param liveness how the host watches that it still answers; empty if it does not
/// @param restart what the host does when it ends by itself
public record ProcSpec(
        ProcProgram program,
        Map<String, String> environment,
        Set<String> inherits,
        Optional<Path> directory,
        Optional<Duration> readyTimeout,
        Optional<String> readyActor,
        Optional<Liveness> liveness,
        RestartPolicy restart) {
    private static final Set<String> RESERVED =
            Set.of(
                    ProcBoot.PROC_ID,
                    ProcBoot.BACKEND_ADDR,
                    ProcBoot.CALLBACK_ADDR,
                    ControlPipe.VARIABLE);

    /// @throws IllegalArgumentException if a variable has no name, or one that is the host's to
    ///   give, or a time is negative
    public ProcSpec {
        environment = Map.copyOf(environment);
        inherits = Set.copyOf(inherits);
        environment.keySet().forEach(ProcSpec::checkVariable);
        inherits.forEach(ProcSpec::checkVariable);
        if (readyTimeout.isPresent() && readyTimeout.get().isNegative()) {
            throw new IllegalArgumentException("readyTimeout of " + readyTimeout.get());
        }
    }

    private static void checkVariable(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is no name of a variable");
        }
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("the variable " + name + " is the host's to give");
        }
    }

    private static ProcSpec of(ProcProgram program) {
        return new ProcSpec(
                program,
                Map.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RestartPolicy.TEMPORARY);
    }

    /// A JVM, and the defaults.
    public static ProcSpec java(JavaCommand java) {
        return of(new ProcProgram.Jvm(java));
    }

    /// A JVM like this one that runs `main` of a class, and the defaults.
    public static ProcSpec java(Class<?> main) {
        return java(JavaCommand.of(main));
    }

    /// Any program, and the defaults.
    public static ProcSpec command(List<String> command) {
        return of(new ProcProgram.Command(command));
    }

    /// The same with one more variable.
    public ProcSpec withVariable(String name, String value) {
        var more = new TreeMap<>(environment);
        more.put(name, value);
        return new ProcSpec(
                program, more, inherits, directory, readyTimeout, readyActor, liveness, restart);
    }

    /// The same with one more variable of the host's environment.
    public ProcSpec withInherited(String name) {
        var more = new TreeSet<>(inherits);
        more.add(name);
        return new ProcSpec(
                program, environment, more, directory, readyTimeout, readyActor, liveness, restart);
    }

    /// The same in another directory.
    public ProcSpec withDirectory(Path directory) {
        return new ProcSpec(
                program,
                environment,
                inherits,
                Optional.of(directory),
                readyTimeout,
                readyActor,
                liveness,
                restart);
    }

    /// The same with another limit for its spawn; zero is none.
    public ProcSpec withReadyTimeout(Duration limit) {
        return new ProcSpec(
                program,
                environment,
                inherits,
                directory,
                Optional.of(limit),
                readyActor,
                liveness,
                restart);
    }

    /// The same, ready only when this actor answers.
    public ProcSpec withReadyActor(String name) {
        return new ProcSpec(
                program,
                environment,
                inherits,
                directory,
                readyTimeout,
                Optional.of(name),
                liveness,
                restart);
    }

    /// The same, watched.
    public ProcSpec withLiveness(Liveness watch) {
        return new ProcSpec(
                program,
                environment,
                inherits,
                directory,
                readyTimeout,
                readyActor,
                Optional.of(watch),
                restart);
    }

    /// The same with another restart policy.
    public ProcSpec withRestart(RestartPolicy policy) {
        return new ProcSpec(
                program,
                environment,
                inherits,
                directory,
                readyTimeout,
                readyActor,
                liveness,
                policy);
    }

    /// The same with another program.
    ProcSpec withProgram(ProcProgram other) {
        return new ProcSpec(
                other,
                environment,
                inherits,
                directory,
                readyTimeout,
                readyActor,
                liveness,
                restart);
    }
}
