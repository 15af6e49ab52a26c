package io.hyperactor.host;

import io.hyperactor.Protocols;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

/// What a child sends to its manager once it serves: docs/wire-format.md, "Callback". That it is
/// the child is proved by the secret that its link has shown.
///
/// @param procId who it is
/// @param address where it takes messages
/// @param agent its agent
/// @param protocol the hash of the agent's protocol
/// @param incarnation of the agent, which pins refs to it; 0 if it has none
record Callback(
        ProcId procId, ChannelAddress address, ActorId agent, long protocol, long incarnation)
        implements ChildMessage {
    private static final int TAG = 0;
    private static final String SPARE = "spare";

    /// Derived by managers only.
    private static final class Derived {
        static final MessageType<Callback> TYPE = Protocols.of(Callback.class);
    }

    /// Those are there without deriving anything.
    private static final class Standard {
        static final MessageType<ProcId> PROC = Protocols.of(ProcId.class);
        static final MessageType<ChannelAddress> ADDRESS = Protocols.of(ChannelAddress.class);
        static final MessageType<ActorId> ACTOR = Protocols.of(ActorId.class);
    }

    /// Reads one, without deriving what else a child may say.
    static Callback read(WireReader in) {
        int tag = in.readVarint();
        if (tag != TAG) {
            throw in.malformed("tag " + tag + " is no callback's");
        }
        return Derived.TYPE.readFully(in);
    }

    @Override
    public void writeTo(WireWriter out) {
        out.writeVarint(TAG);
        Standard.PROC.write(out, procId);
        Standard.ADDRESS.write(out, address);
        Standard.ACTOR.write(out, agent);
        out.writeLong(protocol);
        out.writeLong(incarnation);
    }

    /// What a spare says when it waits for its assignment: a callback of no proc, whose ids and
    /// address all name the place where it calls.
    static Callback ofSpare(ChannelAddress callback) {
        ProcId nobody = spareAt(callback);
        return new Callback(nobody, callback, nobody.actor(SPARE, 0), 0, 0);
    }

    /// Who a spare says it is.
    static ProcId spareAt(ChannelAddress callback) {
        return new ProcId(callback, SPARE);
    }

    @Override
    public String toString() {
        return "Callback[" + procId + " at " + address + ", agent " + agent + "]";
    }
}
