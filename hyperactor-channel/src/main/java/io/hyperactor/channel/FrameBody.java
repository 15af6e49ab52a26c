package io.hyperactor.channel;

import io.hyperactor.wire.WireWriter;

/// What goes into one frame: writes itself straight into the send buffer.
@FunctionalInterface
public interface FrameBody {
    /// Appends the bytes of this frame to `out`.
    ///
    /// Called on the thread that offers, while the link is locked for other senders: it must not
    /// block and must not offer to any link. It may be called again for the same offer. When it
    /// throws, nothing was taken and the exception reaches the caller of [Tx#offer(FrameBody)].
    void writeTo(WireWriter out);

    /// How many bytes that is at least, as far as it is known without writing; 0 while nothing is.
    /// A link that has no room for so many refuses without calling [#writeTo].
    default int lengthAtLeast() {
        return 0;
    }
}
