package io.hyperactor.host;

import io.hyperactor.Protocols;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireWriter;

/// What a child says to its manager, on one link: first a [Callback], which proves who it is, then
/// its [LogEvent]s. docs/wire-format.md, "What a child tells its manager".
sealed interface ChildMessage permits Callback, LogEvent {
    /// The longest frame that a manager looks at: a map may take fifty times its bytes.
    int MAX_BYTES = 256 * 1024;

    /// Writes this with its tag in front, as the codec of [#type()] would. A child thereby derives
    /// no codec before it needs it: each costs its start a part of a millisecond.
    void writeTo(WireWriter out);

    /// Reads all of them: for the manager.
    static MessageType<ChildMessage> type() {
        return Types.ALL;
    }

    /// Derived when first used.
    final class Types {
        private static final MessageType<ChildMessage> ALL = Protocols.of(ChildMessage.class);

        private Types() {}
    }
}
