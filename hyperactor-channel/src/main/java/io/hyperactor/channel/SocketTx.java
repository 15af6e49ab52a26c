package io.hyperactor.channel;

import io.hyperactor.channel.DialLife.Effect;
import io.hyperactor.channel.DialLife.Event;
import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;

/// A [Tx] over sockets, one after the other: frames go out, acknowledgements come back.
///
/// Senders write by themselves while they have [InlineCredit], else the event loop does. What is to
/// become of connections is decided by [DialLife]; its steps are taken on the loop, which has the
/// turn then, and keeps it while there is no connection that carries frames.
final class SocketTx extends SessionTx
        implements EventLoop.Handler, Dialler.Outcome, DialSteps.Owner {
    /// At most so much in one call, which the JDK copies to direct memory that it keeps per thread.
    private static final int WRITE_BYTES = Chunk.BYTES;

    /// After so much in one go others get their turn.
    private static final long GO_BYTES_LOOP = 1 << 20;

    private static final long GO_BYTES_SENDER = 256 * 1024;
    private static final int READS_AT_ONCE = 4;

    /// More than a socket's buffer can hold of what a server said before it went.
    private static final int LAST_READS = 64;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// There before it is needed: without it nothing would happen any more.
    private static final Event TIME_UP = new Event.TimeUp();

    private enum Written {
        ALL,
        /// The socket or this go is full.
        SOME,
        FAILED
    }

    private final Secret secret;
    private final Dialler dialler;
    private final DialSteps life;
    private final ByteBuffer[] views = new ByteBuffer[8];
    private final InlineCredit credit;
    private final Again again = new Again();
    private final Runnable onAlarm = this::timeUp;
    private final Runnable goOn = this::goOn;

    // Set by the loop while it has the turn, and read with the turn.
    private @Nullable Connection connection;

    /// May frames be written?
    private boolean carries;

    /// Also by senders?
    private boolean carriesForSenders;

    /// What goes out before any more frames: a hello, or a word between two of them.
    private ByteBuffer words = NOTHING;

    private @Nullable Throwable broken;

    /// The loop has something to do that needs the turn.
    private volatile boolean loopWaits;

    /// When the oldest frame outstanding was offered, or the last acknowledgement came.
    private volatile long progressAt;

    // Set and read with the turn.

    /// When anything was written last.
    private long spokeAt;

    /// When anything was written last for the first time.
    private long movedAt;

    // The loop's.
    private @Nullable AnswerReader reader;

    /// The connection has broken, and the life may not know it yet.
    private boolean lost;

    private long heardAt;
    private @Nullable SelectionKey key;
    private Timers.@Nullable Timer alarm;

    SocketTx(
            ChannelAddress address,
            Route route,
            Secret secret,
            TxListener listener,
            ChannelContext context) {
        super(address, listener, context);
        this.secret = secret;
        ChannelConfig config = context.config();
        this.dialler = new Dialler(route, context.loop(), this, this);
        DialLife.Limits limits =
                new DialLife.Limits(
                        address,
                        FIRST_PAUSE.toNanos(),
                        LONGEST_PAUSE.toNanos(),
                        config.dialWindow().toNanos(),
                        config.ackTimeout().toNanos(),
                        config.sessions().heartbeat().toNanos(),
                        config.sessions().suspicion().toNanos());
        this.life = new DialSteps(this, context, limits);
        long now = context.clock().getAsLong();
        this.credit = new InlineCredit(now);
        this.spokeAt = now;
        this.movedAt = now;
    }

    // ---- writing

    @Override
    void acquired() {
        if (loop.inside()) {
            loopOwns = true;
            loop.atEndOfBatch(goOn); // which may have been done by then, and the turn be another's
            return;
        }
        long now = carriesForSenders ? context.clock().getAsLong() : 0;
        if (carriesForSenders && credit.take(now)) {
            carryOn(false, now);
        } else {
            loop.handOver(this);
        }
    }

    @Override
    public void run() {
        loopOwns = true;
        goOn();
    }

    @Override
    void hurry() {
        session.askForAck();
    }

    /// Does what is due, if the loop has the turn. On the loop.
    private void goOn() {
        if (loopOwns && !hasEnded()) {
            carryOn(true, loop.now());
        }
    }

    /// Writes until all is written, or leaves the turn to the loop. The caller has the turn.
    private void carryOn(boolean inside, long now) {
        while (true) {
            turn.look();
            if (inside) {
                settle();
                if (connection == null) {
                    return; // goes on when there is a connection, or never
                }
            } else if (loopWaits || broken != null) {
                loop.handOver(this);
                return;
            }
            switch (write(inside ? GO_BYTES_LOOP : GO_BYTES_SENDER, now)) {
                case ALL -> {
                    // Without a welcome the loop keeps the turn, so that nobody writes a frame.
                    if (!carries || releaseTurn(inside)) {
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
                    if (!inside) {
                        loop.handOver(this);
                        return;
                    }
                    writeFailed();
                }
            }
        }
    }

    private Written write(long most, long now) {
        Connection out = connection;
        if (out == null || broken != null) {
            return Written.FAILED;
        }
        try {
            for (long total = 0; total < most; ) {
                int first = 0;
                if (words.hasRemaining()) {
                    views[first++] = words;
                }
                int count = carries ? session.gather(views, first, WRITE_BYTES) : first;
                if (count == 0) {
                    return out.flush() ? Written.ALL : Written.SOME;
                }
                int wordsLeft = words.remaining();
                long bytes = out.write(views, 0, count);
                if (session.written(bytes - (wordsLeft - words.remaining()))) {
                    movedAt = now;
                }
                spokeAt = now;
                total += bytes;
                if (views[count - 1].hasRemaining()) {
                    return Written.SOME;
                }
            }
            return Written.SOME;
        } catch (Throwable t) { // also a lack of direct memory: the turn must not be lost
            broken = t;
            return Written.FAILED;
        }
    }

    /// The peer may have said why before it went: read what it left.
    private void writeFailed() {
        Throwable fault = broken;
        if (fault == null) {
            throw new AssertionError("a write failed without a cause");
        }
        IOException cause = fault instanceof IOException e ? e : new IOException(fault);
        try {
            boolean more = true;
            for (int i = 0; i < LAST_READS && more; i++) {
                Connection in = connection;
                more = readOnce() > 0 || (in != null && in.hasInput());
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        lost(cause);
    }

    private void interest(int ops) {
        SelectionKey registered = key;
        Connection waiting = connection;
        if (registered != null && waiting != null && registered.isValid()) {
            registered.interestOps(waiting.ops(ops));
        }
    }

    @Override
    void progressed() {
        progressAt = context.clock().getAsLong();
    }

    // ---- the life of the session; on the loop

    /// Takes the step for `event`, or has it taken as soon as nobody else writes. What it comes to
    /// is written by [#goOn].
    private void happened(Event event) {
        life.add(event);
        if (life.areUnderWay()) {
            return;
        }
        if (!loopOwns) {
            loopWaits = true; // before asking: the owner looks after it was asked
            if (!turn.take()) {
                return;
            }
            loopOwns = true;
        }
        settle();
    }

    /// Takes all steps that are due, with the turn.
    private void settle() {
        loopWaits = false;
        life.take();
    }

    @Override
    public void takeAgain() {
        again.soon();
    }

    /// Goes on in the next round, if the loop has the turn then.
    private final class Again extends EventLoop.Handed {
        private boolean isHanded;

        void soon() {
            if (!isHanded) {
                isHanded = true;
                loop.handOver(this);
            }
        }

        @Override
        public void run() {
            isHanded = false;
            goOn();
        }
    }

    @Override
    public DialLife.Account account() {
        return new DialLife.Account(
                session.acknowledged(),
                session.lastSequence(),
                progressAt,
                movedAt,
                heardAt,
                spokeAt);
    }

    /// Without a pattern switch, for the reason of [Event].
    @Override
    public void carryOut(Effect effect) {
        if (effect instanceof Effect.Connect) {
            dialler.connect();
        } else if (effect instanceof Effect.SayHello) {
            words = hello().encode();
        } else if (effect instanceof Effect.Rewind(long upTo)) {
            session.rewind(upTo);
            context.counts().count(ChannelCounter.SESSIONS_RESUMED);
        } else if (effect instanceof Effect.Carry) {
            carries = true;
            carriesForSenders = connection != null && connection.writesAnywhere();
        } else if (effect instanceof Effect.Beat) {
            say(Protocol.BEAT);
        } else if (effect instanceof Effect.SayGoodbye) {
            say(Protocol.GOODBYE);
            Written _ = write(words.remaining(), loop.now());
        } else if (effect instanceof Effect.HangUp) {
            hangUp();
        } else if (effect instanceof Effect.WakeAt(long time)) {
            loop.cancel(alarm);
            alarm = loop.at(time, onAlarm);
        } else if (effect instanceof Effect.End(CloseReason reason)) {
            end(reason);
        } else {
            tell(effect);
        }
    }

    private void tell(Effect effect) {
        if (effect instanceof Effect.Retrying(Throwable cause, long pause)) {
            context.report(new ChannelEvent.DialRetried(address, cause, Duration.ofNanos(pause)));
        } else if (effect instanceof Effect.Suspect(long silent)) {
            context.report(new ChannelEvent.PeerSuspected(address, Duration.ofNanos(silent)));
        } else if (effect instanceof Effect.Recovered) {
            context.report(new ChannelEvent.PeerRecovered(address));
        }
    }

    private void timeUp() {
        alone(TIME_UP);
    }

    /// Takes the step for an event that comes while nothing else goes on here.
    private void alone(Event event) {
        happened(event);
        goOn();
    }

    private Hello hello() {
        ChannelConfig config = context.config();
        DialLife.Session known = life.session();
        return new Hello(
                Feature.ALL,
                known.id(),
                config.frameMaxBytes(),
                SenderSession.most(config.windowBytes()),
                SenderSession.most(config.windowFrames()),
                secret,
                context.incarnation(),
                known.incarnation(),
                known.ticket(),
                session.acknowledged(),
                (int) config.sessions().heartbeat().toMillis());
    }

    /// Unless there is something else to write, which says as much.
    private void say(byte kind) {
        if (!words.hasRemaining() && (!carries || session.peek() == null)) {
            ByteBuffer word = ByteBuffer.allocate(Protocol.LENGTH_BYTES + 1);
            Protocol.putBare(word, kind);
            words = word.flip();
        }
    }

    private void hangUp() {
        AnswerReader ended = reader;
        reader = null;
        connection = null;
        key = null;
        carries = false;
        carriesForSenders = false;
        broken = null;
        lost = false;
        words = NOTHING;
        try {
            if (ended != null) {
                ended.end();
            }
            life.forgetLosses();
        } finally {
            dialler.drop();
        }
    }

    @Override
    void endHere() {
        alone(new Event.Closed());
    }

    @Override
    void disconnect() {
        loop.cancel(alarm);
        hangUp();
    }

    // ---- what the connection says

    @Override
    public void connected(Connection made, SelectionKey registered) {
        lost = false;
        broken = null;
        key = registered;
        connection = made;
        reader = new AnswerReader(this, made, context);
        heardAt = loop.now();
        happened(new Event.Connected());
    }

    @Override
    public void notConnected(Event.NotConnected why) {
        happened(why);
    }

    private void lost(Throwable cause) {
        if (lost) {
            return; // known, but somebody writes
        }
        Event loss = new Event.Lost(cause); // first: nobody would add it later
        lost = true;
        if (life.isOpen() && life.session().lasts()) {
            context.report(new ChannelEvent.ConnectionBroke(address, cause));
        }
        happened(loss);
    }

    @Override
    public void ready(int ops) throws IOException {
        Connection open = connection;
        if (open == null) {
            dialler.ready();
        } else {
            if (ops != SelectionKey.OP_WRITE) {
                read();
            }
            if ((ops & SelectionKey.OP_WRITE) != 0 || !open.writesAnywhere()) {
                sendTaken();
            }
        }
        goOn();
    }

    /// Sends what the connection has taken, and waits no longer for room unless some is left.
    private void sendTaken() {
        Connection out = connection;
        if (out == null) {
            return; // reading was its end
        }
        try {
            boolean _ = out.flush();
            interest(SelectionKey.OP_READ);
        } catch (IOException e) {
            broken = e;
            writeFailed();
        }
    }

    private void read() throws IOException {
        int bytes = Protocol.ANSWER_MAX; // acknowledgements are short: with less, that was all
        for (int i = 0; i < READS_AT_ONCE && bytes >= Protocol.ANSWER_MAX; i++) {
            bytes = readOnce();
            if (bytes < 0 && connection != null) {
                lost(new EOFException("Peer ended the connection: " + address));
            }
        }
        Connection in = connection;
        if (in != null && !lost && in.hasInput()) {
            loop.readLater(this);
        }
    }

    private int readOnce() throws IOException {
        AnswerReader from = reader;
        return from == null || lost ? 0 : from.read();
    }

    @Override
    public void fail(Throwable fault) {
        if (!(fault instanceof IOException)) {
            context.report(new ChannelEvent.Fault(address, fault));
        }
        lost(fault);
        goOn();
    }

    // ---- what the server says

    void heard() {
        heardAt = loop.now();
    }

    void accepted(Welcome welcome) {
        answered(welcome.incarnation());
        bodyMaxAtMost(welcome.bodyMax());
        happened(new Event.Welcomed(welcome));
    }

    void over(CloseReason reason) {
        happened(
                switch (reason) {
                    case CloseReason.Rejected(var code, var text) -> new Event.Rejected(code, text);
                    case CloseReason.PeerClosed() -> new Event.PeerClosed();
                    default -> new Event.Violated(reason.toString());
                });
    }

    /// Is there any use in hearing more?
    @SuppressWarnings("ReferenceEquality") // it is itself and nothing else
    boolean listensTo(AnswerReader one) {
        if (closingAndDone()) {
            happened(new Event.Closed());
        }
        return reader == one;
    }
}
