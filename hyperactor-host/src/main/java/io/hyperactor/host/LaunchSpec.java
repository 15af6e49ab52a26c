package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What to launch. Everything in it except the first line is public: any user of the machine may
/// read the command of a process, and its own children inherit its environment. A secret belongs
/// into the first line.
///
/// @param name what errors, logs and captured output call the process
/// @param command the program, then its arguments; a program without `/` is searched on the `PATH`
///   of `environment`
/// @param environment the whole environment: the launcher adds nothing but [ControlPipe#VARIABLE]
///   and [LaunchMarks#VARIABLE]
/// @param directory where it starts; empty for the directory of this process
/// @param firstLine the first line on the control pipe, without its end of line
/// @param limits what it may use
record LaunchSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Optional<Path> directory,
        String firstLine,
        ProcLimits limits) {

    /// Without limits.
    ///
    /// @throws IllegalArgumentException if a part cannot be handed to a process
    LaunchSpec(
            String name,
            List<String> command,
            Map<String, String> environment,
            Optional<Path> directory,
            String firstLine) {
        this(name, command, environment, directory, firstLine, ProcLimits.NONE);
    }

    /// @throws IllegalArgumentException if a part cannot be handed to a process
    LaunchSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        check(name, !command.isEmpty() && !command.getFirst().isEmpty(), "has no program");
        for (String argument : command) {
            check(name, argument.indexOf('\0') < 0, "has a NUL in an argument");
        }
        for (var variable : environment.entrySet()) {
            String key = variable.getKey();
            check(name, !key.isEmpty() && key.indexOf('=') < 0, "has a variable without a name");
            check(name, (key + variable.getValue()).indexOf('\0') < 0, "has a NUL in " + key);
        }
        check(name, firstLine.indexOf('\n') < 0, "has more than one first line");
        int bytes = firstLine.getBytes(StandardCharsets.UTF_8).length + 1;
        check(name, bytes <= ControlLine.MAX_BYTES, "has too long a first line");
    }

    private static void check(String name, boolean valid, String complaint) {
        if (!valid) {
            throw new IllegalArgumentException("launch of " + name + " " + complaint);
        }
    }

    /// What goes down the control pipe: the first line and its end.
    byte[] firstLineBytes() {
        return ControlLine.bytes(firstLine);
    }

    /// The error of a launch of this that failed because of `cause`, in one line.
    IOException failure(@Nullable Throwable cause) {
        String why = cause instanceof IOException ? cause.getMessage() : String.valueOf(cause);
        String what = "cannot launch " + this + ": " + why;
        return switch (cause) {
            case LimitRefusedException refused -> new LimitRefusedException(what, refused);
            case LaunchesWaitingException waiting -> waiting;
            case null, default -> new IOException(what, cause);
        };
    }

    /// The name and the program only: the rest is long, and some of it is secret.
    @Override
    public String toString() {
        return name + " (" + command.getFirst() + ")";
    }
}
