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
final class SocketTx extends SessionTx
        implements EventLoop.Handler, Dialler.Outcome, Answers.Listener {
    /// At most so much in one call, which the JDK copies to direct memory that it keeps per thread.
    private static final int WRITE_BYTES = Chunk.BYTES;

    /// After so much in one go others get their turn.
    private static final long GO_BYTES_LOOP = 1 << 20;

    private static final long GO_BYTES_SENDER = 256 * 1024;
    private static final int READS_AT_ONCE = 4;

    /// More than a socket's buffer can hold of what a server said before it went.
    private static final int LAST_READS = 16;

    private enum Written {
        ALL,
        /// The socket or this go is full.
        SOME,
        FAILED
    }

    private final Dialler dialler;
    private final FrameSplitter input;
    private final ByteBuffer[] views = new ByteBuffer[8];
    private final InlineCredit credit;

    // Set by the loop while it has the turn, and read with the turn.
    private @Nullable SocketChannel socket;
    private ByteBuffer hello = ByteBuffer.allocate(0);
    private @Nullable IOException broken;

    /// When the oldest frame outstanding was offered, or the last acknowledgement came.
    private volatile long progressAt;

    // The loop's.
    private @Nullable SelectionKey key;
    private Timers.@Nullable Timer progressTimer;

    SocketTx(
            ChannelAddress address,
            SocketAddress peer,
            TxListener listener,
            ChannelContext context) {
        super(address, listener, context);
        this.dialler = new Dialler(address, peer, context, this, this);
        this.input =
                new FrameSplitter(new Answers(this), context.pool(), Protocol.ANSWER_MAX, false);
        this.credit = new InlineCredit(context.clock().getAsLong());
    }

    // ---- writing

    @Override
    void acquired() {
        if (loop.inside()) {
            loopOwns = true;
            loop.atEndOfBatch(this);
        } else if (socket != null && credit.take(context.clock().getAsLong())) {
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
            if (socket == null) {
                dialler.begin();
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
        if (hello.position() == 0) { // it was never more than an attempt
            loop.cancel(progressTimer);
            socket = null;
            broken = null;
            dialler.failed(cause);
            return;
        }
        try {
            int bytes = 1;
            for (int i = 0; i < LAST_READS && bytes > 0 && !isEnding(); i++) {
                bytes = readOnce();
            }
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

    // ---- connecting and ending

    @Override
    public void connected(SocketChannel connection, SelectionKey registered) {
        ChannelConfig config = context.config();
        hello =
                Hello.plain(
                                context.random().nextLong(),
                                config.frameMaxBytes(),
                                config.windowBytes(),
                                config.windowFrames())
                        .encode();
        key = registered;
        socket = connection;
        progressed();
        progressTimer = loop.after(config.ackTimeout().toNanos(), this::checkProgress);
        carryOn(true);
    }

    @Override
    public void gaveUp(IOException cause) {
        end(new CloseReason.DialFailed(address, cause));
    }

    @Override
    void disconnect() {
        loop.cancel(progressTimer);
        dialler.drop();
        socket = null;
        input.drop();
    }

    private void checkProgress() {
        Duration limit = context.config().ackTimeout();
        long wait = limit.toNanos();
        if (session.lastSequence() > session.acknowledged()) {
            wait -= context.clock().getAsLong() - progressAt;
            if (wait <= 0) {
                end(new CloseReason.AckTimedOut(limit));
                return;
            }
        }
        progressTimer = loop.after(wait, this::checkProgress);
    }

    // ---- reading

    @Override
    public void ready(int ops) throws IOException {
        if ((ops & SelectionKey.OP_CONNECT) != 0) {
            dialler.connectable();
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
        ByteBuffer target = input.target(loop.readBuffer);
        int bytes = in.read(target);
        if (bytes > 0) {
            boolean _ = input.received(target);
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

    // ---- what the server says

    @Override
    public void accepted(Welcome welcome) {
        bodyMaxAtMost(welcome.bodyMax());
    }

    @Override
    public String refused(long sequence, RejectCode code, String text) {
        return "one frame was refused";
    }

    @Override
    public void over(CloseReason reason) {
        end(reason);
    }

    @Override
    public boolean listens() {
        if (closingAndDone()) {
            end(new CloseReason.ClosedHere());
        }
        return !isEnding();
    }
}
