package io.hyperactor.cli;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Ends a command. Its message is the one line that the user gets to see.
abstract sealed class CliException extends RuntimeException {
    private final String message;

    private CliException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /// What the process exits with.
    abstract int exitCode();

    /// The command line does not say what can be done: another one is needed.
    static final class Usage extends CliException {
        Usage(String message) {
            super(message, null);
        }

        @Override
        int exitCode() {
            return ExitCode.USAGE;
        }
    }

    /// What was asked for could not be done.
    static final class Failed extends CliException {
        Failed(String message) {
            super(message, null);
        }

        Failed(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        int exitCode() {
            return ExitCode.FAILED;
        }
    }

    /// A file or folder that cannot be read.
    static Failed unreadable(String path, IOException cause) {
        return new Failed("cannot read " + path + ": " + reason(cause), cause);
    }

    /// What went wrong, without the path, which the exceptions of files repeat.
    static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException _ -> "no such file or folder";
            case UnknownHostException _ -> "unknown host";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }
}
