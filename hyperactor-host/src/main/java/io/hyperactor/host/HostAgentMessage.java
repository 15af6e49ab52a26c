package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.OncePortRef;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.List;

/// The protocol of [HostAgent]. Crosses procs: read docs/wire-format.md before changing it.
public sealed interface HostAgentMessage {
    /// Spawns a proc. Replies once, when it is ready or why it is not.
    record SpawnProc(String name, OncePortRef<SpawnReply> replyTo) implements HostAgentMessage {}

    /// Replies once, with the procs of this host, sorted by name.
    record ListProcs(OncePortRef<List<ProcInfo>> replyTo) implements HostAgentMessage {}

    /// Ends a proc in good order within `grace`, else by force. Replies once, when it has ended.
    record StopProc(String name, Duration grace, OncePortRef<EndReply> replyTo)
            implements HostAgentMessage {}

    /// Ends a proc by force. Replies once, when it has ended.
    record KillProc(String name, OncePortRef<EndReply> replyTo) implements HostAgentMessage {}

    /// Activates the host's local proc if it is not yet, and replies once, with its agent (LP-1).
    record GetLocalProc(OncePortRef<ActorRef<ProcAgentMessage>> replyTo)
            implements HostAgentMessage {}

    /// What became of a [SpawnProc].
    sealed interface SpawnReply {}

    /// The proc is ready.
    ///
    /// @param pid of its process, 0 if it has none of its own
    record Spawned(ProcId procId, long pid) implements SpawnReply {}

    /// The proc was not spawned, and nothing of it is left.
    ///
    /// @param why on one line
    record NotSpawned(String why) implements SpawnReply {}

    /// What became of a [StopProc] or [KillProc].
    sealed interface EndReply {}

    /// The proc has ended.
    ///
    /// @param how the true ending, in words
    record Ended(String how) implements EndReply {}

    /// There is no such proc, or it has not ended.
    ///
    /// @param why on one line
    record NotEnded(String why) implements EndReply {}

    /// A proc as the host sees it.
    ///
    /// @param pid of its process, 0 if it has none of its own
    /// @param state `starting`, `running`, `ready`, `suspected`, `stopping` or `restarting`
    /// @param uptimeMillis since its process was started, 0 if it has none of its own
    /// @param rssBytes resident memory of its process, 0 if not known
    /// @param cpuMillis processor time that its process has used, 0 if not known
    /// @param restarts how often it was restarted
    /// @param lastExit how its last life ended, on one line; empty in its first
    record ProcInfo(
            String name,
            long pid,
            String state,
            long uptimeMillis,
            long rssBytes,
            long cpuMillis,
            int restarts,
            String lastExit) {}
}
