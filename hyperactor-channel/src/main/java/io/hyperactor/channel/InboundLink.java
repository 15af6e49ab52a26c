package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// The server's end of one connection: when it is read and written, and how it ends. What is read
/// and said is [InboundFrames]'.
///
/// All of it runs on the event loop, save [#resume].
final class InboundLink implements Inbound, EventLoop.Handler {
    /// The same frame is offered again after this, if nobody says [#resume].
    static final long PAUSE = 1_000_000;

    private static final int BEATS_BYTES = 256; // more than a second's beats take
    private static final int READS_AT_ONCE = 4;

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
    private final AnswerBuffer answers;
    private final InboundFrames frames;
    private final FrameSplitter input;
    private final AtomicBoolean resumeAsked = new AtomicBoolean();
    private final Runnable resumption = this::resumeOnLoop;

    private State state = State.SILENT;
    private boolean established;

    /// Is it to end when what has arrived is read, and how much may that be?
    private boolean dismissed;

    private long lastBytes;
    private long heardAt;
    private long heardBytes; // since it spoke
    private long spokeAt;
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
        this.answers = new AnswerBuffer(connection);
        this.frames = new InboundFrames(this, server, context, answers);
        int lengthMax = context.config().frameMaxBytes() + Protocol.DATA_OVERHEAD;
        this.input = new FrameSplitter(frames, context.pool(), context.arriving(), lengthMax, true);
        this.key = loop.register(socket, connection.ops(SelectionKey.OP_READ), this);
    }

    @Override
    public ChannelAddress localAddress() {
        return server.address();
    }

    @Override
    public Object session() {
        return frames.session();
    }

    @Override
    public long incarnation() {
        return frames.session().peer;
    }

    @Override
    public Peer peer() {
        return frames.peer();
    }

    @Override
    public Set<String> peerNames() {
        return connection.peerNames();
    }

    boolean isSilent() {
        return state == State.SILENT;
    }

    /// May frames be taken?
    boolean isOpen() {
        return state == State.OPEN;
    }

    /// Has it been greeted, and not been left?
    boolean isAlive() {
        return state == State.OPEN || state == State.PAUSED;
    }

    private boolean isOver() {
        return state == State.LEAVING || state == State.GONE;
    }

    // ---- who is there

    /// Begins to find out who is at the other end.
    void begin() {
        boolean _ = establish();
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

    /// Its hello was good, and the welcome is there to be said.
    void opened() {
        state = State.OPEN;
        server.greeted(this);
        push();
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

    private void read() throws IOException {
        boolean more = readSome();
        if (state != State.SILENT && state != State.OPEN) {
            return;
        }
        if (dismissed && (!more || lastBytes <= 0)) {
            reject(RejectCode.FORBIDDEN, "what this link has shown is not valid any more");
        } else if (connection.hasInput() || dismissed) {
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
                heardBytes += bytes;
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
            frames.endBatch();
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

    // ---- pausing

    /// The receiver has no room for the next frame.
    void pause() {
        if (state == State.OPEN) {
            state = State.PAUSED;
            interest();
            timer = loop.after(PAUSE, resumption);
        }
    }

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
            frames.endBatch();
        }
        interest();
        if (connection.hasInput() || dismissed) {
            loop.readLater(this);
        }
    }

    private void interest() {
        if (key.isValid()) {
            int read = state == State.PAUSED ? 0 : SelectionKey.OP_READ;
            int ops = answers.waits() ? read | SelectionKey.OP_WRITE : read;
            key.interestOps(connection.ops(ops));
        }
    }

    // ---- writing

    /// Says that it is there if it has said nothing for as long, and leaves a peer that has not.
    void tick(long now, long heartbeat, long suspicion) {
        if (!frames.beats() || isOver()) {
            return;
        }
        if (state == State.OPEN && now - heardAt >= suspicion) {
            context.counts().count(ChannelCounter.SILENT_DIALLERS);
            gone();
        } else if (now - spokeAt >= heartbeat && answers.isEmpty()) {
            // Not while it is paused: then nothing arrives, however much there is. Nor for beats:
            // where a length was garbled they are taken for bytes of the frame, for ever.
            if (state == State.OPEN && heardBytes > BEATS_BYTES && input.inFrame()) {
                frames.acknowledgeAgain();
            } else {
                answers.beat();
            }
            push();
        }
    }

    /// Sends what is to be said.
    void push() {
        boolean waited = (key.interestOps() & SelectionKey.OP_WRITE) != 0;
        if (!answers.isEmpty()) {
            spokeAt = loop.now();
            heardBytes = 0;
        }
        boolean sent;
        try {
            sent = answers.send(state == State.LEAVING);
        } catch (Throwable t) { // the peer is there, and waits for what it would never hear
            fail(t);
            return;
        }
        if (waited || !sent) {
            interest();
        }
        if (waited && answers.isEmpty()) {
            frames.acknowledge();
        }
    }

    // ---- ending

    /// Ends the link, if that secret was shown on it, when what has arrived is read.
    void dismiss(Secret shown) {
        if (isAlive() && shown.matches(frames.session().shown())) {
            dismissed = true;
            lastBytes = LAST_BYTES;
            if (state == State.OPEN) {
                loop.readLater(this);
            }
        }
    }

    /// Says why the link ends, after acknowledging what was accepted.
    void reject(RejectCode code, String text) {
        if (!isOver()) {
            context.report(new ChannelEvent.LinkRejected(server.address(), code, text));
            leave(Protocol.reject(code, text));
            if (state == State.LEAVING) {
                server.turnedAway(this);
            }
        }
    }

    /// Says that the server is closed, after acknowledging what was accepted.
    void closeByServer() {
        if (state == State.SILENT) {
            gone();
        } else {
            ByteBuffer closed = ByteBuffer.allocate(8);
            Protocol.putBare(closed, Protocol.CLOSED);
            leave(closed.flip());
        }
    }

    private void leave(ByteBuffer lastWord) {
        frames.endBatch();
        if (isOver()) {
            return;
        }
        if (!established) {
            gone(); // it could not hear that
            return;
        }
        frames.leave(lastWord);
        linger();
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

    @Override
    public void fail(Throwable fault) {
        if (fault instanceof RecordsWithoutDataException flood) {
            context.report(
                    new ChannelEvent.LinkRejected(
                            server.address(), RejectCode.MALFORMED, flood.toString()));
            gone();
        } else if (fault
                instanceof IOException) { // so ends a peer that left without reading all we said
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
        try {
            if (dismissed) {
                server.sessions().dismissed(frames.session(), this);
            } else {
                server.sessions().lost(frames.session(), this, loop.now());
            }
            cancelTimer();
            input.end();
        } finally { // whatever fails: nothing is left of it
            disconnect();
        }
    }

    private void disconnect() {
        try {
            key.cancel();
            connection.close();
        } finally {
            server.gone(this);
        }
    }

    private void cancelTimer() {
        loop.cancel(timer);
        timer = null;
    }
}
