package io.hyperactor.channel;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A server's process in a [SimWorld]: the real table of sessions, over links that are not. Where a
/// [Mutant] lives at this end, it is in here.
final class SimServer {
    static final int BODY_MAX = 1000;

    private final SimWorld world;
    private final Ledger ledger;
    private final Mutant mutant;
    private final long incarnation;
    private final double refusals;
    private final boolean terse;
    private final SessionTable<Inbound> table;
    private final Set<Inbound> links = new LinkedHashSet<>();
    private final Map<Long, Secret> given = new HashMap<>();
    private long fullUntil;
    private boolean alive = true;
    private boolean closing;
    private boolean closesSoon;

    /// @param refusals of how many frames it can take none, from 0 to 1
    /// @param terse it does not tell that a frame is arriving
    SimServer(
            SimWorld world,
            Ledger ledger,
            Mutant mutant,
            long incarnation,
            double refusals,
            boolean terse) {
        this.world = world;
        this.ledger = ledger;
        this.mutant = mutant;
        this.incarnation = incarnation;
        this.refusals = refusals;
        this.terse = terse;
        this.table =
                new SessionTable<>(
                        incarnation,
                        new SessionTable.Limits(BODY_MAX, 16, 64, 60 * SimWorld.SECOND, 1000),
                        world.random,
                        new ChannelCounts());
        tick();
    }

    long incarnation() {
        return incarnation;
    }

    boolean listens() {
        return alive && !closing;
    }

    void full(long nanos) {
        fullUntil = world.now() + nanos;
    }

    /// @param thief the dialler has no right to any session
    void accept(SimLink link, boolean thief) {
        Inbound inbound = new Inbound(link, thief);
        links.add(inbound);
        link.accepted(inbound);
    }

    /// The process dies: nobody is told.
    void crash() {
        alive = false;
        List.copyOf(links).forEach(link -> link.link.close(link));
        links.clear();
    }

    /// In good order, just after it has taken a frame, if one comes soon.
    void closeSoon() {
        closesSoon = true;
        world.after(SimWorld.SECOND, this::close);
    }

    private void close() {
        if (!alive || closing) {
            return;
        }
        closing = true;
        List.copyOf(links).forEach(Inbound::closeByServer);
    }

    private void tick() {
        if (alive) {
            List.copyOf(links).forEach(Inbound::tick);
            table.expire(world.now());
            world.after(SimWorld.SECOND / 2, this::tick);
        }
    }

    /// The server's end of one connection.
    final class Inbound implements SimLink.End, FrameSplitter.Sink {
        private final SimLink link;
        private final boolean thief;
        private final FrameSplitter input =
                new FrameSplitter(
                        this,
                        new BytePool(1 << 20),
                        ArrivingBytes.unbounded(),
                        BODY_MAX + Protocol.DATA_OVERHEAD,
                        true);
        private final ByteBuffer target = ByteBuffer.allocate(4096);
        private ServedSession<Inbound> session;
        private ReceiverSession frames;
        private boolean beats;
        private boolean paused;
        private boolean gone;
        private long heardAt = world.now();
        private long spokeAt = world.now();

        Inbound(SimLink link, boolean thief) {
            this.link = link;
            this.thief = thief;
        }

        @Override
        public void received(byte[] bytes) {
            heardAt = world.now();
            for (int at = 0; at < bytes.length && !gone; ) {
                ByteBuffer into = input.target(target);
                int length = Math.min(bytes.length - at, into.remaining());
                into.put(bytes, at, length);
                at += length;
                boolean _ = input.received(into);
            }
        }

        @Override
        public void broken() {
            gone(mutant == Mutant.END_BEFORE_LAST_MESSAGE);
        }

        @Override
        public void writable() {
            // what a server says is short and always has room here
        }

        private void gone(boolean tooEarly) {
            if (gone || !alive) {
                return;
            }
            links.remove(this);
            link.close(this);
            if (session != null) {
                if (tooEarly && paused) {
                    over();
                    return; // and goes on with what it has
                }
                table.lost(session, this, world.now());
                if (session.isOver()) {
                    over();
                }
            }
            gone = true;
        }

        private void over() {
            ledger.add(Ledger.Kind.SESSION_OVER, 0, session.id, 0);
            table.over(session);
        }

        private void write(ByteBuffer bytes) {
            spokeAt = world.now();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            int _ = link.write(this, copy);
        }

        private void tick() {
            if (session != null && beats && world.now() - spokeAt >= SimWorld.SECOND) {
                ByteBuffer word = ByteBuffer.allocate(Protocol.ACK_BYTES);
                if (!terse && heardAt >= spokeAt && input.inFrame()) {
                    Protocol.putAck(word, frames.take());
                } else {
                    Protocol.putBare(word, Protocol.BEAT_BACK);
                }
                write(word.flip());
            }
            boolean silent = world.now() - heardAt >= 5 * SimWorld.SECOND;
            if (silent && !paused && (beats || session == null)) {
                gone(false);
            }
        }

        // ---- hello

        @Override
        public int prologue(byte[] bytes, int from, int end) {
            return switch (Greeting.of(bytes, from, end)) {
                case Greeting.Incomplete() -> 0;
                case Greeting.Good(Hello hello, int length) -> {
                    greeted(hello);
                    yield length;
                }
                case Greeting.Refused(RejectCode code, String text) -> {
                    reject(code, text);
                    yield end - from;
                }
            };
        }

        private void greeted(Hello said) {
            Hello hello =
                    mutant == Mutant.NO_TICKET_NEEDED && given.containsKey(said.session())
                            ? with(said, incarnation, given.get(said.session()))
                            : said;
            SessionTable.Verdict<Inbound> verdict = table.greet(hello, this, world.now());
            if (verdict instanceof SessionTable.Verdict.Refused<Inbound>(var code, var text)) {
                if (code == RejectCode.UNKNOWN_SESSION && mutant == Mutant.REUSED_INCARNATION) {
                    verdict = table.greet(with(hello, 0, Secret.NONE), this, world.now());
                    refuseNot(hello, verdict, 0);
                } else {
                    reject(code, text);
                }
                return;
            }
            refuseNot(hello, verdict, -1);
        }

        private static Hello with(Hello hello, long expects, Secret ticket) {
            return new Hello(
                    hello.features(),
                    hello.session(),
                    hello.bodyMax(),
                    hello.windowBytes(),
                    hello.windowFrames(),
                    hello.secret(),
                    hello.incarnation(),
                    expects,
                    ticket,
                    hello.acknowledged(),
                    hello.heartbeatMillis());
        }

        private void refuseNot(Hello hello, SessionTable.Verdict<Inbound> verdict, long faked) {
            if (!(verdict
                    instanceof
                    SessionTable.Verdict.Admitted<Inbound>(
                            var admitted,
                            var welcome,
                            var replaced))) {
                return;
            }
            session = admitted;
            frames = admitted.frames;
            beats = hello.has(Feature.HEARTBEAT);
            if (replaced != null) {
                replaced.gone(false);
            }
            Welcome said = welcome;
            boolean reset = mutant == Mutant.RESET_EXPECTED_ON_RECONNECT && welcome.resumed();
            if (reset || faked == 0) {
                frames = new ReceiverSession(100, 1000);
                for (long i = 0; i < hello.acknowledged(); i++) {
                    frames.accepted(0);
                }
                said =
                        new Welcome(
                                welcome.features(),
                                BODY_MAX,
                                incarnation,
                                true,
                                hello.acknowledged(),
                                welcome.ticket(),
                                1000);
            }
            if (thief && welcome.resumed()) {
                ledger.add(Ledger.Kind.FORGED, hello.session(), hello.session(), 0);
            }
            given.put(hello.session(), welcome.ticket());
            world.trace(1, said.upTo());
            ByteBuffer answer = ByteBuffer.allocate(Welcome.BYTES_MAX);
            said.put(answer);
            write(answer.flip());
            if (said.resumed() && said.equals(welcome)) {
                write(session.news(hello.acknowledged()));
            }
        }

        // ---- frames

        @Override
        public boolean frame(byte[] bytes, int from, int length) {
            if (gone || paused || session == null) {
                return false;
            }
            session.heard();
            switch (bytes[from]) {
                case Protocol.DATA -> {
                    long id = Protocol.int64(bytes, from + Protocol.DATA_OVERHEAD);
                    return data(Protocol.int64(bytes, from + 1), id, length);
                }
                case Protocol.ACK_NOW -> {
                    frames.ask();
                    acknowledge();
                }
                case Protocol.BEAT -> {}
                case Protocol.GOODBYE -> {
                    over();
                    gone(false);
                }
                default -> throw new AssertionError("kind " + bytes[from]);
            }
            return true;
        }

        private boolean data(long sequence, long id, int length) {
            ReceiverSession.Verdict verdict = frames.check(sequence);
            if (verdict == ReceiverSession.Verdict.GAP && mutant == Mutant.ACK_PAST_GAP) {
                while (frames.expected() < sequence) {
                    frames.accepted(0);
                }
                verdict = ReceiverSession.Verdict.NEXT;
            }
            switch (verdict) {
                case NEXT -> {
                    if (!deliver(sequence, id, length)) {
                        return false;
                    }
                }
                case DUPLICATE -> {
                    if (mutant == Mutant.NO_DEDUP_ON_RESUME) {
                        enqueue(id);
                    }
                    frames.ask();
                }
                case GAP -> {
                    reject(RejectCode.OUT_OF_SEQUENCE, "expected " + frames.expected());
                    return false;
                }
            }
            if (frames.due() || world.chance(0.3)) {
                acknowledge();
            } else {
                world.after(world.random.nextLong(20 * SimWorld.MILLI), this::acknowledge);
            }
            return true;
        }

        /// Takes the next frame, or refuses it for good, or has no room for it now.
        private boolean deliver(long sequence, long id, int length) {
            if (Math.floorMod((id * 0x9E3779B97F4A7C15L) >>> 40, 1000) < refusals * 1000) {
                ledger.add(Ledger.Kind.REFUSED, id, session.id, 0);
                boolean _ = session.refuse(sequence, RejectCode.FRAME_REFUSED, "no");
                boolean _ = !frames.owes() || frames.take() > 0;
                write(Protocol.refused(sequence, RejectCode.FRAME_REFUSED, "no"));
                return true;
            }
            if (world.now() < fullUntil) {
                if (mutant == Mutant.ACK_PAST_GAP) {
                    return true; // leaves it out
                }
                if (mutant == Mutant.ACK_BEFORE_ENQUEUE) {
                    ByteBuffer ack = ByteBuffer.allocate(Protocol.ACK_BYTES);
                    Protocol.putAck(ack, sequence);
                    write(ack.flip());
                }
                paused = true;
                world.after(world.anyUpTo(100 * SimWorld.MILLI), this::resume);
                return false;
            }
            enqueue(id);
            frames.accepted(length);
            if (closesSoon) {
                world.after(0, SimServer.this::close);
            }
            return true;
        }

        private void enqueue(long id) {
            world.trace(2, id);
            ledger.add(Ledger.Kind.ENQUEUED, id, session.id, 0);
        }

        private void resume() {
            if (!gone && alive) {
                paused = false;
                heardAt = world.now();
                boolean _ = input.again();
            }
        }

        private void acknowledge() {
            if (!gone && alive && frames.owes()) {
                ByteBuffer ack = ByteBuffer.allocate(Protocol.ACK_BYTES);
                Protocol.putAck(ack, frames.take());
                write(ack.flip());
            }
        }

        @Override
        public void badLength(long length) {
            reject(
                    length == 0 ? RejectCode.MALFORMED : RejectCode.FRAME_TOO_LARGE,
                    "frame of " + length + " bytes");
        }

        // ---- ending

        private void reject(RejectCode code, String text) {
            world.trace(3, code.number());
            if (session != null) {
                acknowledge();
                over();
            }
            write(Protocol.reject(code, text));
            gone(false);
        }

        private void closeByServer() {
            if (session != null) {
                if (mutant != Mutant.UNBIND_BEFORE_DRAIN) {
                    acknowledge();
                }
                ByteBuffer closed = ByteBuffer.allocate(5);
                Protocol.putClosed(closed);
                write(closed.flip());
                over();
            }
            gone(false);
        }
    }
}
