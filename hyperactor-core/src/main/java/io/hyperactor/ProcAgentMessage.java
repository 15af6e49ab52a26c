package io.hyperactor;

import io.hyperactor.wire.ActorId;

import java.time.Duration;

/// The protocol of [ProcAgent]. Crosses procs: read docs/wire-format.md before changing it.
public sealed interface ProcAgentMessage {
    /// Spawns a root actor. Replies once: [Started], or [Refused] when the type is not known here,
    /// its parameters do not fit, the name is taken or illegal, or the proc is stopping.
    ///
    /// @param type the name of an actor type that the proc was started with
    /// @param params the encoded parameters of the type; empty for a type without
    record Spawn(String type, String name, byte[] params, OncePortRef<Spawned> replyTo)
            implements ProcAgentMessage {}

    /// Ends the proc: drains its actors within `grace`, aborts the rest. No reply; the proof is
    /// that the proc is gone. Taken from whom [ProcAgent#mayStop] names, else it comes back as
    /// `FORBIDDEN`.
    record StopProc(Duration grace, String reason) implements ProcAgentMessage {}

    /// Replies once, with what the proc holds now.
    record GetReport(OncePortRef<Report> replyTo) implements ProcAgentMessage {}

    /// What became of a [Spawn].
    sealed interface Spawned {}

    /// The actor is there.
    ///
    /// @param protocol the hash of the protocol that the new actor speaks
    /// @param incarnation pins refs to this very actor
    record Started(ActorId actor, long protocol, long incarnation) implements Spawned {}

    /// The actor was not spawned.
    ///
    /// @param why on one line
    record Refused(String why) implements Spawned {}

    /// What a proc holds.
    ///
    /// @param pid of the operating-system process
    /// @param actors how many live
    /// @param queuedMessages how many wait in all mailboxes, roughly
    /// @param returned how many messages were sent back from here
    /// @param abandoned how many could not even be sent back
    record Report(long pid, int actors, long queuedMessages, long returned, long abandoned) {}
}
