package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;

/// Tells a proc that another has ended, to which it has sent requests: what had been queued there
/// and not handled is gone. On the control port [#PORT] of an asker, and meant for all in its proc.
record ProcDied(ProcId proc) {
    static final long PORT = PortId.controlIndex(4);
    static final int SIZE_BYTES = 512; // in memory, roughly
    static final MessageType<ProcDied> TYPE = Protocols.of(ProcDied.class);
}
