package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

/// Understands what a server says to a dialler, and judges whether it may say so now.
///
/// It has no socket. **Threads:** one.
final class Answers implements FrameSplitter.Sink {
    /// Who the server talks to.
    interface Listener {
        /// The server takes the link.
        void accepted(Welcome welcome);

        /// All frames up to that number were accepted.
        ///
        /// @return what is wrong with that, or null
        @Nullable String acknowledged(long sequence);

        /// The server does not take that frame, and has accepted all before it.
        ///
        /// @return what is wrong with that, or null
        @Nullable String refused(long sequence, RejectCode code, String text);

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
        if (kind == Protocol.ACK && whole >= Protocol.ACK_BYTES && accepted) {
            String wrong = listener.acknowledged(Protocol.int64(bytes, at));
            return wrong == null ? null : new CloseReason.ProtocolViolation(wrong);
        }
        if (kind == Protocol.ACCEPT && !accepted) {
            return accept(Welcome.decode(bytes, at, length - 1));
        }
        if (kind == Protocol.BEAT_BACK && length == 1 && accepted) {
            return null;
        }
        if (kind == Protocol.REFUSED && length >= 11 && accepted) {
            String text = Protocol.text(bytes, at + 10, length - 11);
            String wrong = listener.refused(Protocol.int64(bytes, at), code(bytes, at + 8), text);
            return wrong == null ? null : new CloseReason.ProtocolViolation(wrong);
        }
        if (kind == Protocol.REJECT && length >= 3) {
            return new CloseReason.Rejected(
                    code(bytes, at), Protocol.text(bytes, at + 2, length - 3));
        }
        if (kind == Protocol.CLOSED && length == 1 && accepted) {
            return new CloseReason.PeerClosed();
        }
        return new CloseReason.ProtocolViolation(
                "answer of kind " + kind + " and length " + length + " out of place");
    }

    private static RejectCode code(byte[] bytes, int at) {
        return RejectCode.of(((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff));
    }

    private @Nullable CloseReason accept(@Nullable Welcome welcome) {
        if (welcome == null) {
            return new CloseReason.ProtocolViolation("a welcome that makes no sense");
        }
        accepted = true;
        listener.accepted(welcome);
        return null;
    }
}
