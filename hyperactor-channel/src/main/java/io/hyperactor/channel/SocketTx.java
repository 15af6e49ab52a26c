package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// A [Tx] over a socket: frames go out, acknowledgements come back.
///
/// Senders write by themselves while they have [InlineCredit], else the event loop does;
/// connecting, reading and ending are the loop's alone.
final class SocketTx extends SessionTx implements EventLoop.Handler {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /// At most so much in one call, which the JDK copies to direct memory that it keeps per thread.
    private static final int WRITE_BYTES = Chunk.BYTES;

    /// After so much in one go others get their turn.
    private static final long GO_BYTES_LOOP = 1 << 20;

    private static final long GO_BYTES_SENDER = 256 * 1024;
    private static final int READS_AT_ONCE = 4;

    private enum Written {
        ALL,
        /// The socket or this go is full.
        SOME,
        FAILED
    }

    private final SocketAddress peer;
    private final ByteBuffer[] views = new ByteBuffer[8];
    private final FrameSplitter answers;
    private final Backoff backoff;
    private final InlineCredit credit;

    // Set by the loop while it has the turn, and read with the turn.
    private @Nullable SocketChannel socket;
    private boolean connected;
    private ByteBuffer hello = ByteBuffer.allocate(0);
    private @Nullable IOException broken;

    /// When the oldest frame outstanding was offered, or the last acknowledgement came.
    private volatile long progressAt;

    // The loop's.
    private @Nullable SelectionKey key;
    private boolean dialled;
    private Timers.@Nullable Timer
            timer; // for the next attempt, or for the next look at the progress
    private boolean accepted;
    private long dialUntil;

    SocketTx(
            ChannelAddress address,
            SocketAddress peer,
            TxListener listener,
            ChannelContext context) {
        super(address, listener, context);
        this.peer = peer;
        this.answers = new FrameSplitter(new Answers(), context.pool(), Protocol.ANSWER_MAX, false);
        this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, context.random());
        this.credit = new InlineCredit(context.clock().getAsLong());
    }

    // ---- writing

    @Override
    void acquired() {
        if (loop.inside()) {
            loopOwns = true;
            loop.atEndOfBatch(this);
        } else if (connected && credit.take(context.clock().getAsLong())) {
            carryOn(false);
        } else {
            loop.handOver(this);
        }
    }

    @Override
    void onLoop() {
        if (!hasEnded()) {
            loopOwns = true;
            carryOn(true);
        }
    }

    @Override
    void hurry() {
        session.askForAck();
    }

    /// Writes until all is written, or leaves the turn to the loop. The caller has the turn.
    private void carryOn(boolean inside) {
        while (true) {
            turn.look();
            if (!inside && (isEnding() || broken != null)) {
                loop.handOver(this);
                return;
            }
            if (isEnding()) {
                finish();
                return;
            }
            if (!connected) {
                dialOnce();
                return; // goes on when the connection is there
            }
            switch (write(inside ? GO_BYTES_LOOP : GO_BYTES_SENDER)) {
                case ALL -> {
                    if (releaseTurn(inside)) {
                        return;
                    }
                }
                case SOME -> {
                    if (inside) {
                        interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    } else {
                        loop.handOver(this);
                    }
                    return;
                }
                case FAILED -> {
                    if (inside) {
                        writeFailed();
                    } else {
                        loop.handOver(this);
                    }
                    return;
                }
            }
        }
    }

    private boolean releaseTurn(boolean inside) {
        if (!inside) {
            return turn.release();
        }
        loopOwns = false; // before the release: then it is another's
        boolean released = turn.release();
        loopOwns = !released;
        return released;
    }

    private Written write(long most) {
        SocketChannel out = socket;
        if (out == null || broken != null) {
            return Written.FAILED;
        }
        try {
            for (long total = 0; total < most; ) {
                int first = 0;
                if (hello.hasRemaining()) {
                    views[first++] = hello;
                }
                int count = session.gather(views, first, WRITE_BYTES);
                if (count == 0) {
                    return Written.ALL;
                }
                int helloLeft = hello.remaining();
                long bytes = count == 1 ? out.write(views[0]) : out.write(views, 0, count);
                session.written(bytes - (helloLeft - hello.remaining()));
                total += bytes;
                if (views[count - 1].hasRemaining()) {
                    return Written.SOME;
                }
            }
            return Written.SOME;
        } catch (IOException e) {
            broken = e;
            return Written.FAILED;
        }
    }

    /// The peer may have said why before it went: read what it left.
    private void writeFailed() {
        IOException cause = broken;
        if (cause == null || hasEnded()) {
            return;
        }
        if (hello.position() == 0) {
            dialFailed(cause);
            return;
        }
        try {
            int bytes;
            do {
                bytes = readOnce();
            } while (bytes > 0 && !isEnding());
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        end(new CloseReason.ConnectionLost(cause));
    }

    private void interest(int ops) {
        SelectionKey registered = key;
        if (registered != null && registered.isValid()) {
            registered.interestOps(ops);
        }
    }

    @Override
    void progressed() {
        progressAt = context.clock().getAsLong();
    }

    // ---- connecting

    private void dialOnce() {
        if (!dialled) {
            dialled = true;
            dialUntil = context.clock().getAsLong() + context.config().dialWindow().toNanos();
            dial();
        }
    }

    private void dial() {
        if (hasEnded()) {
            return;
        }
        try {
            SocketChannel opened = Sockets.open(peer);
            socket = opened;
            boolean now = opened.connect(peer);
            key = loop.register(opened, now ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            if (now) {
                established(opened);
            }
        } catch (IOException e) {
            dialFailed(e);
        }
    }

    private void established(SocketChannel opened) throws IOException {
        Sockets.checkOwner(opened);
        ChannelConfig config = context.config();
        hello =
                new Protocol.Hello(
                                0,
                                context.random().nextLong(),
                                config.frameMaxBytes(),
                                config.windowBytes(),
                                config.windowFrames())
                        .encode();
        connected = true;
        progressed();
        timer = loop.after(config.ackTimeout().toNanos(), this::checkProgress);
        carryOn(true);
    }

    private void dialFailed(IOException cause) {
        loop.cancel(timer);
        drop();
        connected = false;
        broken = null;
        long left = dialUntil - context.clock().getAsLong();
        if (left <= 0) {
            end(new CloseReason.DialFailed(address, cause));
            return;
        }
        long pause = Math.min(backoff.next(), left);
        context.report(new ChannelEvent.DialRetried(address, cause, Duration.ofNanos(pause)));
        timer = loop.after(pause, this::dial);
    }

    private void drop() {
        SelectionKey registered = key;
        if (registered != null) {
            registered.cancel();
            key = null;
        }
        Sockets.closeQuietly(socket);
        socket = null;
    }

    @Override
    void disconnect() {
        loop.cancel(timer);
        drop();
        answers.drop();
    }

    private void checkProgress() {
        if (hasEnded()) {
            return;
        }
        Duration limit = context.config().ackTimeout();
        long wait = limit.toNanos();
        if (session.lastSequence() > session.acknowledged()) {
            wait -= context.clock().getAsLong() - progressAt;
            if (wait <= 0) {
                end(new CloseReason.AckTimedOut(limit));
                return;
            }
        }
        timer = loop.after(wait, this::checkProgress);
    }

    // ---- reading

    @Override
    public void ready(int ops) throws IOException {
        SocketChannel opened = socket;
        if (opened == null || hasEnded()) {
            return;
        }
        if ((ops & SelectionKey.OP_CONNECT) != 0) {
            finishConnect(opened);
            return;
        }
        if ((ops & SelectionKey.OP_READ) != 0) {
            read();
        }
        if ((ops & SelectionKey.OP_WRITE) != 0 && !hasEnded()) {
            interest(SelectionKey.OP_READ);
            carryOn(true);
        }
    }

    private void finishConnect(SocketChannel opened) {
        try {
            if (opened.finishConnect()) {
                interest(SelectionKey.OP_READ);
                established(opened);
            }
        } catch (IOException e) {
            dialFailed(e);
        }
    }

    private void read() throws IOException {
        for (int i = 0; i < READS_AT_ONCE && !isEnding(); i++) {
            int bytes = readOnce();
            if (bytes < 0) {
                end(
                        new CloseReason.ConnectionLost(
                                new EOFException("Peer ended the connection: " + address)));
            }
            if (bytes < Protocol.ANSWER_MAX) { // acknowledgements are short: that was all
                return;
            }
        }
    }

    private int readOnce() throws IOException {
        SocketChannel in = socket;
        if (in == null) {
            return -1;
        }
        ByteBuffer target = answers.target(loop.readBuffer);
        int bytes = in.read(target);
        if (bytes > 0) {
            boolean _ = answers.received(target);
        }
        return bytes;
    }

    @Override
    public void fail(Throwable fault) {
        if (!(fault instanceof IOException)) {
            context.report(new ChannelEvent.Fault(address, fault));
        }
        end(new CloseReason.ConnectionLost(fault));
    }

    /// What the server says.
    private final class Answers implements FrameSplitter.Sink {
        @Override
        public int prologue(byte[] bytes, int from, int end) {
            return 0; // there is none
        }

        @Override
        public boolean frame(byte[] bytes, int from, int length) {
            CloseReason reason = answer(bytes, from, length);
            if (reason != null) {
                end(reason);
            } else if (closingAndDone()) {
                end(new CloseReason.ClosedHere());
            }
            return !isEnding();
        }

        @Override
        public void badLength(long length) {
            end(new CloseReason.ProtocolViolation("answer of " + length + " bytes"));
        }

        private @Nullable CloseReason answer(byte[] bytes, int from, int length) {
            byte kind = bytes[from];
            int at = from + 1;
            if (kind == Protocol.ACCEPT
                    && length == Protocol.ACCEPT_BYTES - Protocol.LENGTH_BYTES
                    && !accepted) {
                return accept(bytes[at], Protocol.int32(bytes, at + 5));
            }
            if (kind == Protocol.REJECT && length >= 3) {
                int code = ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
                return new CloseReason.Rejected(
                        RejectCode.of(code), Protocol.text(bytes, at + 2, length - 3));
            }
            if (kind == Protocol.ACK
                    && length == Protocol.ACK_BYTES - Protocol.LENGTH_BYTES
                    && accepted) {
                String wrong = acknowledged(Protocol.int64(bytes, at));
                return wrong == null ? null : new CloseReason.ProtocolViolation(wrong);
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
                        "accepted with version " + version + ", frames up to " + bodyMax);
            }
            accepted = true;
            bodyMaxAtMost(bodyMax);
            return null;
        }
    }
}
