package io.hyperactor.channel;

/// What a [FrameReceiver] throws when it can not take a frame, now or later, for what is in it. The
/// frame goes back to its sender as not delivered and its link lives on, unless the peer can not be
/// told of single frames; then it is dropped.
public final class FrameRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RejectCode code;

    /// The receiver can not take it.
    ///
    /// @param text why, for the sender; at most a thousand bytes of it arrive
    public FrameRefused(String text) {
        this(RejectCode.FRAME_REFUSED, text);
    }

    private FrameRefused(RejectCode code, String text) {
        super(text, null, false, false); // it is an answer, and hostile peers can cause many
        this.code = code;
    }

    /// The sender may not say this.
    ///
    /// @param text what it may not, for the sender; at most a thousand bytes of it arrive
    public static FrameRefused forbidden(String text) {
        return new FrameRefused(RejectCode.FORBIDDEN, text);
    }

    RejectCode code() {
        return code;
    }
}
