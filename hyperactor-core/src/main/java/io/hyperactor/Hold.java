package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;

/// Asks a sender's proc to send nothing more to a destination that is crowded, or to go on; on the
/// control port [#PORT] of the sender, and meant for all in its proc.
///
/// @param actor the destination
/// @param wholeProc whether it is its whole proc that is crowded
/// @param on false to go on
record Hold(ActorId actor, boolean wholeProc, boolean on) {
    static final long PORT = PortId.controlIndex(3);
    static final int SIZE_BYTES = 512; // in memory, roughly
    static final MessageType<Hold> TYPE = Protocols.of(Hold.class);

    /// What [Holds] knows it by: an [ActorId] or a [ProcId].
    Object place() {
        return wholeProc ? actor.proc() : actor;
    }

    /// Whether it comes from who it is about. Nobody else may stop the messages of others.
    boolean isOf(ActorId sender) {
        return wholeProc ? sender.proc().equals(actor.proc()) : sender.equals(actor);
    }
}
