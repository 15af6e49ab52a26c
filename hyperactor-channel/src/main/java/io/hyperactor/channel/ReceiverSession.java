package io.hyperactor.channel;

/// The receiving side of a session: accepts each frame once and in order, and decides when to
/// acknowledge.
///
/// It has no socket, no thread and no clock. **Threads:** one at a time.
final class ReceiverSession {
    static final int ACK_FRAMES = 1000;
    static final int ACK_BYTES = 1 << 20;

    /// What to do with a frame.
    enum Verdict {
        /// The next one: offer it to the receiver, then say [#accepted].
        NEXT,
        /// Was accepted before: drop it.
        DUPLICATE,
        /// Frames are missing before it: the session cannot go on.
        GAP
    }

    private final int framesMax;
    private final int bytesMax;

    private long accepted;
    private long acknowledged;
    private long bytes;
    private boolean asked;

    /// Acknowledges often enough for a sender with that window never to stand still while the
    /// receiver keeps up.
    ReceiverSession(int windowFrames, int windowBytes) {
        this.framesMax = Math.clamp(windowFrames / 4, 1, ACK_FRAMES);
        this.bytesMax = Math.clamp(windowBytes / 4, 1, ACK_BYTES);
    }

    Verdict check(long sequence) {
        if (sequence == accepted + 1) {
            return Verdict.NEXT;
        }
        return sequence >= 1 && sequence <= accepted ? Verdict.DUPLICATE : Verdict.GAP;
    }

    /// The receiver took the next frame, of `length` bytes.
    void accepted(int length) {
        accepted++;
        bytes += length;
    }

    /// A duplicate came, or the sender asked: acknowledge even what was acknowledged before.
    void ask() {
        asked = true;
    }

    /// The number that the next frame must have.
    long expected() {
        return accepted + 1;
    }

    /// Is an acknowledgement due now?
    boolean due() {
        return asked || accepted - acknowledged >= framesMax || bytes >= bytesMax;
    }

    /// Is there anything to acknowledge?
    boolean owes() {
        return asked || accepted > acknowledged;
    }

    /// The number to acknowledge; from now on nothing is owed.
    long take() {
        asked = false;
        bytes = 0;
        acknowledged = accepted;
        return accepted;
    }
}
