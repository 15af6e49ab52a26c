package io.hyperactor.host;

import io.hyperactor.wire.ProcId;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Errors of host operations. Each names the proc or variable it is about, and keeps its cause.
/// Channel errors pass through as they are ([io.hyperactor.channel.ChannelException]).
public sealed class HostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HostException(String message) {
        super(message);
    }

    HostException(String message, Throwable cause) {
        super(message, cause);
    }

    private static String because(String what, Throwable cause) {
        return what + ": " + why(cause);
    }

    /// Some exceptions of files have nothing but the path for a message.
    private static String why(Throwable cause) {
        String message = cause.getMessage();
        return switch (cause) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException e when e.getReason() == null -> e.toString();
            default -> message == null ? cause.getClass().getSimpleName() : message;
        };
    }

    /// There is no process of the proc, for this reason.
    static HostException notLaunched(ProcId proc, Throwable why) {
        return why instanceof LaunchesWaitingException waiting
                ? new LimitReached(proc, "launchesWaiting", waiting.max())
                : new ProcessSpawnFailure(proc, why);
    }

    /// A proc of this name is live, or being spawned.
    public static final class ProcExists extends HostException {
        private static final long serialVersionUID = 1L;

        ProcExists(String name) {
            super("proc '" + name + "' already exists");
        }
    }

    /// There is no proc of this name on the host.
    public static final class NoSuchProc extends HostException {
        private static final long serialVersionUID = 1L;

        NoSuchProc(String name) {
            super("no proc '" + name + "'");
        }
    }

    /// The host is closed; or it was closed, or the proc ended through it, while it was spawned.
    /// Then the cause says what that did to the spawn.
    public static final class Closed extends HostException {
        private static final long serialVersionUID = 1L;

        Closed(String what) {
            super(what);
        }

        Closed(String what, Throwable cause) {
            super(because(what, cause), cause);
        }
    }

    /// The host has as many procs, as many spawns at once, or as many launches that wait, as it
    /// may.
    public static final class LimitReached extends HostException {
        private static final long serialVersionUID = 1L;

        LimitReached(ProcId proc, String limit, long value) {
            super(
                    "proc '%s' not spawned: the limit %s of %d is reached"
                            .formatted(proc, limit, value));
        }
    }

    /// As many follow the logs as may.
    public static final class TooManyFollowers extends HostException {
        private static final long serialVersionUID = 1L;

        TooManyFollowers(int max) {
            super(max + " follow the logs already");
        }
    }

    /// The folder for log files can not be used.
    public static final class LogFolderUnusable extends HostException {
        private static final long serialVersionUID = 1L;

        LogFolderUnusable(java.nio.file.Path folder, Throwable cause) {
            super(because("log folder " + folder + " can not be used", cause), cause);
        }
    }

    /// The operating-system process could not be started, or not with its limits; then the cause is
    /// a [LimitRefusedException].
    public static final class ProcessSpawnFailure extends HostException {
        private static final long serialVersionUID = 1L;

        ProcessSpawnFailure(ProcId proc, Throwable cause) {
            super(because("proc '" + proc + "' failed to spawn process", cause), cause);
        }
    }

    /// The proc was started but did not become ready. It has been ended; nothing of it is left.
    public static final class ProcessConfigurationFailure extends HostException {
        private static final long serialVersionUID = 1L;

        ProcessConfigurationFailure(ProcId proc, ReadyProcException cause) {
            super(because("proc '" + proc + "' failed to configure process", cause), cause);
        }
    }

    /// The agent actor could not be spawned in the proc.
    public static final class AgentSpawnFailure extends HostException {
        private static final long serialVersionUID = 1L;

        AgentSpawnFailure(ProcId proc, Throwable cause) {
            super(because("failed to spawn agent on proc '" + proc + "'", cause), cause);
        }
    }

    /// A variable that a child process needs is absent.
    public static final class MissingParameter extends HostException {
        private static final long serialVersionUID = 1L;

        MissingParameter(String name) {
            super("parameter '" + name + "' missing: environment variable not found");
        }
    }

    /// A variable that a child process needs can not be parsed.
    public static final class InvalidParameter extends HostException {
        private static final long serialVersionUID = 1L;

        InvalidParameter(String name, Throwable cause) {
            super(because("parameter '" + name + "' invalid", cause), cause);
        }
    }
}
