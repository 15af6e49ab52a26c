package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

/// Understands what a server says to a dialler, and judges whether it may say so now.
///
/// It has no socket. **Threads:** one.
final class Answers implements FrameSplitter.Sink {
    /// Who the server talks to.
    interface Listener {
        /// The server takes the link, and bodies up to that length.
        void accepted(int bodyMax);

        /// All frames up to that number were accepted.
        ///
        /// @return what is wrong with that, or null
        @Nullable String acknowledged(long sequence);

        /// The link has to end.
        void over(CloseReason reason);

        /// Is there any use in hearing more?
        boolean listens();
    }

    private final Listener listener;
    private boolean accepted;

    Answers(Listener listener) {
        this.listener = listener;
    }

    @Override
    public int prologue(byte[] bytes, int from, int end) {
        return 0; // there is none
    }

    @Override
    public boolean frame(byte[] bytes, int from, int length) {
        CloseReason reason = answer(bytes, from, length);
        if (reason != null) {
            listener.over(reason);
        }
        return listener.listens();
    }

    @Override
    public void badLength(long length) {
        listener.over(new CloseReason.ProtocolViolation("answer of " + length + " bytes"));
    }

    private @Nullable CloseReason answer(byte[] bytes, int from, int length) {
        byte kind = bytes[from];
        int at = from + 1;
        int whole = Protocol.LENGTH_BYTES + length;
        if (kind == Protocol.ACCEPT && whole == Protocol.ACCEPT_BYTES && !accepted) {
            return accept(bytes[at], Protocol.int32(bytes, at + 5));
        }
        if (kind == Protocol.ACK && whole == Protocol.ACK_BYTES && accepted) {
            String wrong = listener.acknowledged(Protocol.int64(bytes, at));
            return wrong == null ? null : new CloseReason.ProtocolViolation(wrong);
        }
        if (kind == Protocol.REJECT && length >= 3) {
            RejectCode code = RejectCode.of(((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff));
            return new CloseReason.Rejected(code, Protocol.text(bytes, at + 2, length - 3));
        }
        if (kind == Protocol.CLOSED && length == 1 && accepted) {
            return new CloseReason.PeerClosed();
        }
        return new CloseReason.ProtocolViolation(
                "answer of kind " + kind + " and length " + length + " out of place");
    }

    private @Nullable CloseReason accept(byte version, int bodyMax) {
        if (version != Protocol.VERSION || bodyMax < 1) {
            return new CloseReason.ProtocolViolation(
                    "accepted with version " + version + ", bodies up to " + bodyMax);
        }
        accepted = true;
        listener.accepted(bodyMax);
        return null;
    }
}
