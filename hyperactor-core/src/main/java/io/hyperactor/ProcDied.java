package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;

import java.util.List;

/// Tells a proc that another has ended, to which it has sent requests: what had been queued there
/// and not handled is gone. On the control port [#PORT] of an asker, and meant for all in its proc.
/// Another proc of that name may have begun before this is heard, so it says which requests went to
/// the one that has ended.
///
/// @param asked who has asked it; empty for all, where there are more than [#ASKED_MAX]
record ProcDied(ProcId proc, List<Asked> asked) {
    static final long PORT = PortId.controlIndex(4);
    static final int ASKED_MAX = 64;

    /// With as many as there may be, of the longest ids.
    static final int MAX_BYTES = 40 * 1024;

    static final MessageType<ProcDied> TYPE = Protocols.of(ProcDied.class);
    private static final int SIZE_BYTES = 512; // in memory, roughly
    private static final int ASKED_BYTES = 256;

    /// @param incarnation which life of the sender; 0 if it did not say
    /// @param port the reply port of its latest request: later ones have higher ones
    record Asked(ActorId sender, long incarnation, long port) {
        private boolean covers(OncePort<?> ask) {
            InstanceCell owner = ask.owner();
            return ask.index() <= port
                    && (incarnation == 0 || owner.senderIncarnation() == incarnation)
                    && owner.id().equals(sender);
        }
    }

    ProcDied {
        if (asked.size() > ASKED_MAX) {
            throw new IllegalArgumentException(asked.size() + " who have asked");
        }
        asked = List.copyOf(asked);
    }

    /// Whether it may have had the request that waits at that port.
    boolean concerns(OncePort<?> ask) {
        return ask.isOfProc(proc)
                && (asked.isEmpty() || asked.stream().anyMatch(one -> one.covers(ask)));
    }

    int sizeBytes() {
        return SIZE_BYTES + asked.size() * ASKED_BYTES;
    }
}
