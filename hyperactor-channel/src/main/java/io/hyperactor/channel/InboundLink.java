package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// The server's end of one connection: hello, then frames in and acknowledgements out.
///
/// All of it runs on the event loop, save [#resume].
final class InboundLink
        implements Inbound, EventLoop.Handler, EventLoop.Postponed, FrameSplitter.Sink {
    /// The same frame is offered again after this, if nobody says [#resume].
    static final long PAUSE = 1_000_000;

    private static final int READS_AT_ONCE = 4;

    /// Room for an accept, an acknowledgement and a closed.
    private static final int OUT_BYTES = 64;

    /// A peer that leaves more than that unread is hung up on.
    private static final int UNREAD_MAX = 64 * 1024;

    /// More than the buffers of a socket hold.
    private static final int LAST_BYTES = 8 << 20;

    private enum State {
        /// Has not said hello.
        SILENT,
        OPEN,
        /// The receiver has no room.
        PAUSED,
        /// The last word is said; what still comes is dropped until the peer hangs up.
        LEAVING,
        GONE
    }

    private final SocketServer server;
    private final ChannelContext context;
    private final EventLoop loop;
    private final Connection connection;
    private final SelectionKey key;
    private final FrameSplitter input;
    private final AtomicBoolean resumeAsked = new AtomicBoolean();
    private final Runnable resumption = this::resumeOnLoop;

    private State state = State.SILENT;
    private boolean established;

    /// Is there to be another read without the selector?
    private boolean readsLater;

    /// Is it to end when what has arrived is read, and how much may that be?
    private boolean dismissed;

    private long lastBytes;

    private Peer peer = new Peer.Guest();
    private ServedSession<InboundLink> session;
    private ReceiverSession frames;
    private boolean beats;
    private boolean refuses;
    private long heardAt;
    private long spokeAt;
    private ByteBuffer out = ByteBuffer.allocate(OUT_BYTES).limit(0);
    private final ByteBuffer[] outViews = new ByteBuffer[1];
    private boolean outBroken;
    private boolean owes;
    private boolean delivered;
    private Timers.@Nullable Timer timer;

    InboundLink(
            SocketServer server,
            SocketServer.Listener listener,
            SocketChannel socket,
            ChannelContext context)
            throws IOException {
        this.server = server;
        this.connection = listener.connection(socket, context.loop(), this);
        this.context = context;
        this.loop = context.loop();
        int lengthMax = context.config().frameMaxBytes() + Protocol.DATA_OVERHEAD;
        this.input = new FrameSplitter(this, context.pool(), context.arriving(), lengthMax, true);
        this.session = ServedSession.none();
        this.frames = session.frames;
        this.key = loop.register(socket, connection.ops(SelectionKey.OP_READ), this);
    }

    @Override
    public ChannelAddress localAddress() {
        return server.address();
    }

    @Override
    public Object session() {
        return session;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Set<String> peerNames() {
        return connection.peerNames();
    }

    boolean isSilent() {
        return state == State.SILENT;
    }

    /// Begins to find out who is at the other end.
    void begin() {
        boolean _ = establish();
    }

    // ---- reading

    @Override
    public void ready(int ops) throws IOException {
        if (!established && !establish()) {
            return;
        }
        if ((ops & SelectionKey.OP_WRITE) != 0 && state != State.GONE) {
            push();
        }
        if (ops != SelectionKey.OP_WRITE) {
            read();
        }
    }

    /// Goes on until it is known who is at the other end.
    ///
    /// @return whether frames can go
    private boolean establish() {
        if (state != State.SILENT) {
            return true; // as good as it gets: it is on its way out
        }
        try {
            established = connection.establish();
            interest();
            return established;
        } catch (ForeignPeerException e) {
            if (!hasLeft()) { // else nothing is known of it any more
                context.report(new ChannelEvent.ForeignPeer(server.address(), e.user()));
            }
        } catch (EOFException | SocketException e) {
            // It left before it said anything.
        } catch (IOException e) {
            context.report(new ChannelEvent.HandshakeFailed(server.address(), remote(), e));
            linger(); // so that it gets to hear of it
            return false;
        }
        gone();
        return false;
    }

    private boolean hasLeft() {
        try {
            return connection.drop(loop.readBuffer) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private String remote() {
        try {
            return String.valueOf(connection.socket().getRemoteAddress());
        } catch (IOException e) {
            return "unknown";
        }
    }

    /// Waits for the peer to hang up, for some time, after the last word.
    private void linger() {
        state = State.LEAVING;
        input.end();
        cancelTimer();
        timer = loop.after(context.config().closeWait().toNanos(), this::gone);
        push();
        interest();
    }

    private void read() throws IOException {
        readsLater = false;
        boolean more = readSome();
        if (state != State.SILENT && state != State.OPEN) {
            return;
        }
        if (dismissed && (!more || lastBytes <= 0)) {
            reject(RejectCode.FORBIDDEN, "what this link has shown is not valid any more");
        } else if (connection.hasInput() || dismissed) {
            readAgain();
        }
    }

    private void readAgain() {
        if (!readsLater) {
            readsLater = true;
            loop.readLater(this);
        }
    }

    /// Returns whether there may be more.
    private boolean readSome() throws IOException {
        for (int i = 0; i < READS_AT_ONCE && (state == State.SILENT || state == State.OPEN); i++) {
            ByteBuffer target = input.target(loop.readBuffer);
            int bytes = connection.read(target);
            if (bytes < 0) {
                endOfInput();
                return false;
            }
            if (bytes > 0) {
                heardAt = loop.now();
                lastBytes -= bytes;
                passOn(target);
            }
            if (target.hasRemaining()) {
                return connection.hasInput();
            }
        }
        if (state == State.LEAVING) {
            dropInput();
        }
        return true;
    }

    /// Whatever happens on the way, what was collected is not to wait for another read.
    private void passOn(ByteBuffer target) {
        try {
            boolean _ = input.received(target);
        } finally {
            afterBatch();
        }
    }

    private void endOfInput() {
        if (input.inFrame()) {
            context.report(new ChannelEvent.CutInFrame(server.address()));
        }
        gone();
    }

    private void dropInput() throws IOException {
        for (int i = 0; i < READS_AT_ONCE; i++) {
            int bytes = connection.drop(loop.readBuffer);
            if (bytes < 0) {
                gone();
                return;
            }
            if (bytes == 0) {
                return;
            }
        }
    }

    /// Before anything is acknowledged, the receiver has handed on what it collected.
    private void afterBatch() {
        if (delivered) {
            delivered = false;
            try {
                server.receiver().batchEnd();
            } catch (Throwable t) {
                receiverFailed(t);
            }
        }
    }

    @Override
    public int prologue(byte[] bytes, int from, int end) {
        Greeting greeting = Greeting.of(bytes, from, end);
        if (greeting instanceof Greeting.Good(Hello hello, int length)) {
            greeted(hello);
            return length;
        }
        if (greeting instanceof Greeting.Refused(RejectCode code, String text)) {
            reject(code, text);
            return end - from;
        }
        return 0; // it is incomplete
    }

    private void greeted(Hello hello) {
        Optional<Peer> known = server.admission().admit(hello.secret());
        if (known.isEmpty()) {
            reject(RejectCode.FORBIDDEN, "this server does not know who dials");
            return;
        }
        peer = known.get();
        var verdict = server.sessions().greet(hello, this, loop.now());
        if (verdict instanceof SessionTable.Verdict.Refused<InboundLink>(var code, var text)) {
            reject(code, text);
        } else if (verdict
                instanceof
                SessionTable.Verdict.Admitted<InboundLink>(
                        var admitted,
                        var welcome,
                        var replaced)) {
            if (replaced != null) {
                replaced.gone(); // its dialler is here now
            }
            admit(hello, admitted, welcome);
        }
    }

    private void admit(Hello hello, ServedSession<InboundLink> admitted, Welcome welcome) {
        session = admitted;
        frames = admitted.frames;
        beats = hello.has(Feature.HEARTBEAT);
        refuses = hello.has(Feature.REFUSAL);
        state = State.OPEN;
        server.greeted(this);
        ByteBuffer news =
                welcome.resumed() ? session.news(hello.acknowledged()) : ByteBuffer.allocate(0);
        out = ByteBuffer.allocate(Math.max(OUT_BYTES, Welcome.BYTES_MAX + news.remaining()));
        welcome.put(out);
        out.put(news).flip();
        push();
    }

    @Override
    public boolean frame(byte[] bytes, int from, int length) {
        if (state != State.OPEN) {
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
                    acknowledgeNow();
                    return true;
                }
                case Protocol.BEAT -> {
                    return true;
                }
                case Protocol.GOODBYE -> {
                    server.sessions().over(session);
                    gone();
                    return false;
                }
                default -> {}
            }
        }
        reject(RejectCode.MALFORMED, "frame of kind " + kind + " and length " + length);
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
                reject(
                        RejectCode.OUT_OF_SEQUENCE,
                        "expected frame " + frames.expected() + ", got " + sequence);
                return false;
            }
        }
        if (frames.due()) {
            acknowledgeNow();
        } else if (!owes) {
            owes = true;
            loop.postpone(this);
        }
        return true;
    }

    private boolean deliver(byte[] bytes, int from, int length) {
        boolean taken;
        try {
            taken = server.receiver().received(this, bytes, from, length);
        } catch (FrameRefused refusal) {
            return refuse(refusal.code(), String.valueOf(refusal.getMessage()));
        } catch (Throwable t) {
            receiverFailed(t);
            return false;
        }
        delivered = true;
        if (!taken && state == State.OPEN) {
            state = State.PAUSED;
            interest();
            timer = loop.after(PAUSE, resumption);
        }
        return taken;
    }

    /// Does not take the next frame.
    ///
    /// @return whether the link goes on
    private boolean refuse(RejectCode code, String text) {
        afterBatch();
        if (state != State.OPEN) {
            return false;
        }
        context.report(new ChannelEvent.FrameRefused(server.address(), code, text));
        long sequence = frames.expected();
        if (!refuses) {
            frames.accepted(0);
            return true;
        }
        if (!session.refuse(sequence, code, text) || out.remaining() > UNREAD_MAX) {
            gone(); // it does not listen: it hears when it comes again
            return false;
        }
        long _ = frames.take(); // which this says as well
        ByteBuffer word = Protocol.refused(sequence, code, text);
        out =
                ByteBuffer.allocate(Math.max(OUT_BYTES, out.remaining() + word.remaining()))
                        .put(out)
                        .put(word)
                        .flip();
        push();
        return true;
    }

    @Override
    public boolean oversized(byte[] bytes, int from, long length) {
        return passOver(bytes, from, RejectCode.FRAME_TOO_LARGE, tooLong(length));
    }

    @Override
    public boolean crowdedOut(byte[] bytes, int from, long length) {
        String text = "no room for a frame of " + length + " bytes among all that arrive";
        if (passOver(bytes, from, RejectCode.NO_ROOM, text)) {
            return true;
        }
        reject(RejectCode.NO_ROOM, text);
        return false;
    }

    /// Does not take a frame that has not wholly arrived.
    ///
    /// @return whether the link goes on
    private boolean passOver(byte[] bytes, int from, RejectCode code, String text) {
        if (!refuses || state != State.OPEN || bytes[from] != Protocol.DATA) {
            return false;
        }
        session.heard();
        return switch (frames.check(Protocol.int64(bytes, from + 1))) {
            case NEXT -> refuse(code, text);
            case DUPLICATE -> true;
            case GAP -> false;
        };
    }

    private String tooLong(long length) {
        return "frame of "
                + length
                + " bytes, at most "
                + context.config().frameMaxBytes()
                + " and its header are taken";
    }

    private void receiverFailed(Throwable fault) {
        context.report(new ChannelEvent.ReceiverFailed(server.address(), fault));
        reject(RejectCode.RECEIVER_FAILED, "the receiver failed: " + fault.getClass().getName());
    }

    @Override
    public void badLength(long length) {
        if (length == 0) {
            reject(RejectCode.MALFORMED, "frame without a kind");
        } else {
            reject(RejectCode.FRAME_TOO_LARGE, tooLong(length));
        }
    }

    // ---- pausing

    @Override
    public void resume() {
        if (resumeAsked.compareAndSet(false, true)) {
            loop.execute(resumption);
        }
    }

    private void resumeOnLoop() {
        resumeAsked.set(false);
        if (state != State.PAUSED) {
            return;
        }
        cancelTimer();
        state = State.OPEN;
        heardAt = loop.now(); // it was not listened to
        try {
            boolean _ = input.again();
        } finally {
            afterBatch();
        }
        interest();
        if (connection.hasInput() || dismissed) {
            loop.readLater(this);
        }
    }

    private void interest() {
        if (key.isValid()) {
            int read = state == State.PAUSED ? 0 : SelectionKey.OP_READ;
            int ops = out.hasRemaining() && !outBroken ? read | SelectionKey.OP_WRITE : read;
            key.interestOps(connection.ops(ops));
        }
    }

    // ---- writing

    @Override
    public void postponed() {
        acknowledgeNow();
    }

    /// Says that it is there if it has said nothing for as long, and leaves a peer that has not.
    void tick(long now, long heartbeat, long suspicion) {
        if (!beats || state == State.LEAVING || state == State.GONE) {
            return;
        }
        if (state == State.OPEN && now - heardAt >= suspicion) {
            gone();
        } else if (now - spokeAt >= heartbeat && !out.hasRemaining()) {
            out.clear();
            Protocol.putBare(out, Protocol.BEAT_BACK);
            out.flip();
            push();
        }
    }

    private void acknowledgeNow() {
        afterBatch();
        owes = false;
        boolean alive = state == State.OPEN || state == State.PAUSED;
        if (!alive || !frames.owes() || out.hasRemaining()) {
            return; // what is owed is sent when `out` is empty
        }
        out.clear();
        Protocol.putAck(out, frames.take());
        out.flip();
        push();
    }

    /// Writes what is in [#out]. A peer that hung up may have left frames behind, so a failure here
    /// ends nothing.
    private void push() {
        boolean waited = (key.interestOps() & SelectionKey.OP_WRITE) != 0;
        boolean sent = outBroken;
        try {
            if (!outBroken && out.hasRemaining()) {
                outViews[0] = out;
                long _ = connection.write(outViews, 0, 1);
                spokeAt = loop.now();
            }
            sent = sent || (!out.hasRemaining() && connection.flush());
            if (sent && state == State.LEAVING && !outBroken) {
                connection.shutdownOutput();
            }
        } catch (IOException e) {
            outBroken = true;
            out.limit(0);
            sent = true;
        } catch (Throwable t) { // the peer is there, and waits for what it would never hear
            fail(t);
            return;
        }
        if (waited || !sent) {
            interest();
        }
        if (waited && !out.hasRemaining()) {
            acknowledgeNow();
        }
    }

    // ---- ending

    /// Ends the link, if that secret was shown on it, when what has arrived is read.
    void dismiss(Secret shown) {
        boolean open = state == State.OPEN || state == State.PAUSED;
        if (open && shown.matches(session.shown())) {
            dismissed = true;
            lastBytes = LAST_BYTES;
            if (state == State.OPEN) {
                readAgain();
            }
        }
    }

    /// Says why the link ends, after acknowledging what was accepted.
    void reject(RejectCode code, String text) {
        if (state == State.LEAVING || state == State.GONE) {
            return;
        }
        context.report(new ChannelEvent.LinkRejected(server.address(), code, text));
        leave(Protocol.reject(code, text));
    }

    /// Says that the server is closed, after acknowledging what was accepted.
    void closeByServer() {
        if (state == State.SILENT) {
            gone();
        } else {
            ByteBuffer closed = ByteBuffer.allocate(8);
            Protocol.putClosed(closed);
            leave(closed.flip());
        }
    }

    private void leave(ByteBuffer lastWord) {
        afterBatch();
        if (state == State.LEAVING || state == State.GONE) {
            return;
        }
        if (!established) {
            gone(); // it could not hear that
            return;
        }
        boolean silent = state == State.SILENT;
        ByteBuffer last =
                ByteBuffer.allocate(out.remaining() + Protocol.ACK_BYTES + lastWord.remaining());
        last.put(out);
        if (!silent && frames.owes()) {
            Protocol.putAck(last, frames.take());
        }
        server.sessions().over(session);
        out = last.put(lastWord).flip();
        linger();
    }

    @Override
    public void fail(Throwable fault) {
        if (fault instanceof IOException) { // so ends a peer that left without reading all we said
            endOfInput();
        } else {
            context.report(new ChannelEvent.Fault(server.address(), fault));
            gone();
        }
    }

    /// Ends the link without a word.
    void gone() {
        if (state == State.GONE) {
            return;
        }
        state = State.GONE;
        if (dismissed) {
            server.sessions().dismissed(session, this);
        } else {
            server.sessions().lost(session, this, loop.now());
        }
        cancelTimer();
        input.end();
        key.cancel();
        connection.close();
        server.gone(this);
    }

    private void cancelTimer() {
        loop.cancel(timer);
        timer = null;
    }
}
