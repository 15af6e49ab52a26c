package io.hyperactor;

import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.PortId;

/// Tells an asker in another proc that the handler of its request threw, or was killed, or that the
/// answer came back, on the control port [#PORT] of the asker.
///
/// @param replyPort the once-port that waits for the answer
/// @param failure what happened, on one bounded line
record RequestFailed(long replyPort, String failure) {
    static final long PORT = PortId.controlIndex(2);
    static final int SIZE_BYTES = 1024; // in memory, roughly
    static final MessageType<RequestFailed> TYPE = Protocols.of(RequestFailed.class);

    RequestFailed {
        failure = Texts.bounded(failure);
    }
}
