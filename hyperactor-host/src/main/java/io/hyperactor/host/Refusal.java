package io.hyperactor.host;

import io.hyperactor.wire.InvalidNameException;

/// Why a host has refused something or could not do it: by what a program decides, and what is
/// counted ([Host#refusals()]). Crosses procs: read docs/wire-format.md before changing it.
public enum Refusal {
    /// None of the others.
    OTHER,
    /// The name cannot be one.
    INVALID_NAME,
    /// The name is in use.
    PROC_EXISTS,
    /// There is no proc of that name, and none that has ended is remembered.
    NO_SUCH_PROC,
    /// The host is closed, or the proc was ended while it was spawned.
    CLOSED,
    /// There are as many procs, spawns at once, or launches that wait, as may be.
    LIMIT_REACHED,
    /// A limit of the proc's own cannot hold.
    LIMIT_REFUSED,
    /// Its process could not be started.
    NOT_LAUNCHED,
    /// It was started and did not become ready.
    NOT_READY,
    /// It could not be ended, and may still run.
    NOT_ENDED,
    /// Its manager cannot do that.
    UNSUPPORTED,
    /// As many watch the procs as may.
    TOO_MANY_WATCHERS,
    /// As many follow the logs as may.
    TOO_MANY_FOLLOWERS,
    /// As many read the logs as may.
    TOO_MANY_READERS,
    /// There are no such logs, or they cannot be read.
    NO_LOGS,
    /// A connection of somebody who is none of its procs.
    STRANGER,
    /// A message that its sender may not send.
    FORBIDDEN;

    /// That of an error.
    static Refusal of(Throwable error) {
        return switch (error) {
            case InvalidNameException _ -> INVALID_NAME;
            case HostException.ProcExists _ -> PROC_EXISTS;
            case HostException.NoSuchProc _ -> NO_SUCH_PROC;
            case HostException.Closed _ -> CLOSED;
            case HostException.LimitReached _ -> LIMIT_REACHED;
            case HostException.TooManyFollowers _ -> TOO_MANY_FOLLOWERS;
            case HostException.LogFolderUnusable _ -> NO_LOGS;
            case HostException.ProcessSpawnFailure failure ->
                    failure.getCause() instanceof LimitRefusedException
                            ? LIMIT_REFUSED
                            : NOT_LAUNCHED;
            case HostException.ProcessConfigurationFailure _, HostException.AgentSpawnFailure _ ->
                    NOT_READY;
            case TerminateException.Unsupported _ -> UNSUPPORTED;
            case TerminateException _ -> NOT_ENDED;
            default -> OTHER;
        };
    }
}
