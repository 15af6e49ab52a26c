package io.hyperactor.channel;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/// What comes by one connection to a server, a hello and then frames, and what is to be said to it.
/// The connection itself is the [InboundLink]'s.
///
/// **Threads:** the loop's.
final class InboundFrames implements FrameSplitter.Sink, EventLoop.Postponed {
    private final InboundLink link;
    private final SocketServer server;
    private final ChannelContext context;
    private final AnswerBuffer answers;

    private Peer peer = new Peer.Guest();
    private ServedSession<InboundLink> session = ServedSession.none();
    private ReceiverSession frames = session.frames;
    private boolean beats;
    private boolean refuses;

    /// Will an acknowledgement be due before the loop sleeps?
    private boolean owes;

    /// Has the receiver collected anything since it was told of a batch's end?
    private boolean delivered;

    InboundFrames(
            InboundLink link, SocketServer server, ChannelContext context, AnswerBuffer answers) {
        this.link = link;
        this.server = server;
        this.context = context;
        this.answers = answers;
    }

    /// Who the dialler is, as far as is known.
    Peer peer() {
        return peer;
    }

    /// One that nothing came of, before the hello.
    ServedSession<InboundLink> session() {
        return session;
    }

    /// Is neither end to be silent for long?
    boolean beats() {
        return beats;
    }

    // ---- the hello

    @Override
    public int prologue(byte[] bytes, int from, int end) {
        Greeting greeting = Greeting.of(bytes, from, end);
        if (greeting instanceof Greeting.Good(Hello hello, int length)) {
            greeted(hello);
            return length;
        }
        if (greeting instanceof Greeting.Refused(RejectCode code, String text)) {
            link.reject(code, text);
            return end - from;
        }
        return 0; // it is incomplete
    }

    private void greeted(Hello hello) {
        Optional<Peer> known = server.admission().admit(hello.secret());
        if (known.isEmpty()) {
            link.reject(RejectCode.FORBIDDEN, "this server does not know who dials");
            return;
        }
        peer = known.get();
        var verdict = server.sessions().greet(hello, holder(hello), link, context.loop().now());
        if (verdict instanceof SessionTable.Verdict.Refused<InboundLink>(var code, var text)) {
            link.reject(code, text);
        } else if (verdict
                instanceof
                SessionTable.Verdict.Admitted<InboundLink>(
                        var admitted,
                        var welcome,
                        var replaced)) {
            admit(hello, admitted, welcome);
            if (replaced != null) {
                replaced.gone(); // its dialler is here now
            }
        }
    }

    /// Who says it, as far as that is proved; else as far as it says so itself.
    private Object holder(Hello hello) {
        if (!(peer instanceof Peer.Guest)) {
            return peer;
        }
        Set<String> names = link.peerNames();
        return names.isEmpty() ? (Object) hello.incarnation() : names;
    }

    private void admit(Hello hello, ServedSession<InboundLink> admitted, Welcome welcome) {
        session = admitted;
        frames = admitted.frames;
        beats = welcome.has(Feature.HEARTBEAT);
        refuses = welcome.has(Feature.REFUSAL);
        ByteBuffer welcoming = ByteBuffer.allocate(Welcome.BYTES_MAX);
        welcome.put(welcoming);
        if (welcome.resumed()) {
            answers.add(welcoming.flip(), session.news(hello.acknowledged()));
        } else {
            answers.add(welcoming.flip());
        }
        link.opened();
    }

    // ---- frames

    @Override
    public boolean frame(byte[] bytes, int from, int length) {
        if (!link.isOpen()) {
            return false;
        }
        session.heard();
        byte kind = bytes[from];
        if (kind == Protocol.DATA && length >= Protocol.DATA_OVERHEAD) {
            return data(
                    Protocol.int64(bytes, from + 1),
                    bytes,
                    from + Protocol.DATA_OVERHEAD,
                    length - Protocol.DATA_OVERHEAD);
        }
        if (length == 1) {
            switch (kind) {
                case Protocol.ACK_NOW -> {
                    frames.ask();
                    acknowledge();
                    return true;
                }
                case Protocol.BEAT -> {
                    return true;
                }
                case Protocol.GOODBYE -> {
                    server.sessions().over(session);
                    link.gone();
                    return false;
                }
                default -> {}
            }
        }
        link.reject(RejectCode.MALFORMED, "frame of kind " + kind + " and length " + length);
        return false;
    }

    private boolean data(long sequence, byte[] bytes, int from, int length) {
        switch (frames.check(sequence)) {
            case NEXT -> {
                if (!deliver(bytes, from, length)) {
                    return false;
                }
                if (frames.expected() == sequence) { // else it was refused
                    frames.accepted(length);
                }
            }
            case DUPLICATE -> frames.ask();
            case GAP -> {
                link.reject(
                        RejectCode.OUT_OF_SEQUENCE,
                        "expected frame " + frames.expected() + ", got " + sequence);
                return false;
            }
        }
        if (frames.due()) {
            acknowledge();
        } else if (!owes) {
            owes = true;
            context.loop().postpone(this);
        }
        return true;
    }

    private boolean deliver(byte[] bytes, int from, int length) {
        boolean taken;
        try {
            taken = server.receiver().received(link, bytes, from, length);
        } catch (FrameRefused refusal) {
            return refuse(refusal.code(), String.valueOf(refusal.getMessage()));
        } catch (Throwable t) {
            receiverFailed(t);
            return false;
        }
        delivered = true;
        if (!taken) {
            link.pause();
        }
        return taken;
    }

    /// Before anything is acknowledged, the receiver has handed on what it collected.
    void endBatch() {
        if (delivered) {
            delivered = false;
            try {
                server.receiver().batchEnd();
            } catch (Throwable t) {
                reportFailed(t);
                endInDoubt();
            }
        }
    }

    /// Nobody knows what of the batch was handed on. A last word would say of all but one of its
    /// frames that they were taken, or that they were not.
    private void endInDoubt() {
        server.sessions().over(session);
        link.gone();
    }

    private void reportFailed(Throwable fault) {
        context.report(new ChannelEvent.ReceiverFailed(server.address(), fault));
    }

    private void receiverFailed(Throwable fault) {
        reportFailed(fault);
        link.reject(
                RejectCode.RECEIVER_FAILED, "the receiver failed: " + fault.getClass().getName());
    }

    // ---- frames that are not taken

    /// Does not take the next frame.
    ///
    /// @return whether the link goes on
    private boolean refuse(RejectCode code, String text) {
        endBatch();
        if (!link.isOpen()) {
            return false;
        }
        context.report(new ChannelEvent.FrameRefused(server.address(), code, text));
        long sequence = frames.expected();
        if (!refuses) {
            frames.accepted(0);
            return true;
        }
        ByteBuffer word = Protocol.refused(sequence, code, text);
        if (!session.refuse(sequence, word) || answers.isUnread()) {
            link.gone(); // it may not listen: it hears when it comes again, and says what it knows
            return false;
        }
        long _ = frames.take(); // which this says as well
        answers.add(word.duplicate());
        link.push();
        return true;
    }

    @Override
    public boolean oversized(byte[] bytes, int from, long length) {
        return passOver(bytes, from, RejectCode.FRAME_TOO_LARGE, tooLong(length));
    }

    @Override
    public boolean crowdedOut(byte[] bytes, int from, long length) {
        try {
            String text = "no room for a frame of " + length + " bytes among all that arrive";
            if (passOver(bytes, from, RejectCode.NO_ROOM, text)) {
                return true;
            }
            link.reject(RejectCode.NO_ROOM, text);
        } catch (Throwable t) { // it is another link that asks for the room: this one fails
            link.fail(t);
        }
        return false;
    }

    /// Does not take a frame that has not wholly arrived.
    ///
    /// @return whether the link goes on
    private boolean passOver(byte[] bytes, int from, RejectCode code, String text) {
        if (!refuses || !link.isOpen() || bytes[from] != Protocol.DATA) {
            return false;
        }
        session.heard();
        return switch (frames.check(Protocol.int64(bytes, from + 1))) {
            case NEXT -> refuse(code, text);
            case DUPLICATE -> true;
            case GAP -> false;
        };
    }

    @Override
    public void badLength(long length) {
        if (length == 0) {
            link.reject(RejectCode.MALFORMED, "frame without a kind");
        } else {
            link.reject(RejectCode.FRAME_TOO_LARGE, tooLong(length));
        }
    }

    private String tooLong(long length) {
        return "frame of "
                + length
                + " bytes, at most "
                + context.config().frameMaxBytes()
                + " and its header are taken";
    }

    // ---- acknowledgements

    @Override
    public void postponed() {
        acknowledge();
    }

    /// Says what is owed, if anything: now, or when what was said before is sent.
    void acknowledge() {
        endBatch();
        owes = false;
        if (link.isAlive() && frames.owes() && answers.isEmpty()) {
            answers.acknowledge(frames.take());
            link.push();
        }
    }

    /// Tells the dialler of a frame that takes long to arrive that it gets on; while nothing waits
    /// to be said.
    void acknowledgeAgain() {
        endBatch();
        if (link.isAlive()) {
            answers.acknowledge(frames.take());
        }
    }

    /// The last words, after acknowledging what was accepted. The session is over.
    void leave(ByteBuffer last) {
        if (frames.owes()) {
            ByteBuffer ack = ByteBuffer.allocate(Protocol.ACK_BYTES);
            Protocol.putAck(ack, frames.take());
            answers.add(ack.flip());
        }
        answers.add(last);
        server.sessions().over(session);
    }
}
