package io.hyperactor.channel;

/// What a [FrameReceiver] throws when it can not take a frame, now or later, for what is in it. The
/// frame goes back to its sender as not delivered and its link lives on, unless the peer can not be
/// told of single frames; then it is dropped.
public final class FrameRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param text why, for the sender; at most a thousand bytes of it arrive
    public FrameRefused(String text) {
        super(text, null, false, false); // it is an answer, and hostile peers can cause many
    }
}
