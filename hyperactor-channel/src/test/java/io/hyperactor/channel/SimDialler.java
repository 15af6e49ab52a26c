package io.hyperactor.channel;

import io.hyperactor.channel.DialLife.Effect;
import io.hyperactor.channel.DialLife.Event;
import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// A dialler's link in a [SimWorld]: the real life of a session and the real frames, over links
/// that are not. Where a [Mutant] lives at this end, it is in here.
final class SimDialler implements SimLink.End, Answers.Listener {
    static final ChannelAddress ADDRESS = new ChannelAddress.Local(1);

    /// What one link may hold, and how long things may take.
    record Limits(int windowFrames, int windowBytes, DialLife.Limits times) {}

    private final SimWorld world;
    private final Ledger ledger;
    private final Mutant mutant;
    private final Limits limits;
    private final Function<SimLink.End, @Nullable SimLink> network;
    private final long process;
    private final long number;
    private final SenderSession session;
    private final ArrayDeque<Long> outstanding = new ArrayDeque<>();
    private final List<Hello> hellos = new ArrayList<>();

    private final Set<String> seen;

    private DialLife life = DialLife.idle();
    private Answers answers = new Answers(this);
    private FrameSplitter input = splitter();
    private @Nullable SimLink link;
    private byte[] waiting = {};
    private boolean carries;
    private boolean dead;
    private long progressAt;
    private long movedAt;
    private long heardAt;
    private long spokeAt;
    private long wakes;
    private @Nullable CloseReason ended;

    /// @param seen what happened at least once
    /// @param network a connection, or null if nobody listens
    SimDialler(
            SimWorld world,
            Ledger ledger,
            Mutant mutant,
            Limits limits,
            Function<SimLink.End, @Nullable SimLink> network,
            long process,
            long number,
            Set<String> seen) {
        this.world = world;
        this.ledger = ledger;
        this.mutant = mutant;
        this.limits = limits;
        this.network = network;
        this.process = process;
        this.number = number;
        this.seen = seen;
        BytePool pool = new BytePool(0);
        int extra = mutant == Mutant.WINDOW_OFF_BY_ONE ? 1 : 0;
        this.session =
                new SenderSession(
                        new FrameWriter(
                                ADDRESS, pool, new LinkBytes(Long.MAX_VALUE), SimServer.BODY_MAX),
                        pool,
                        limits.windowBytes,
                        limits.windowFrames + extra);
    }

    private FrameSplitter splitter() {
        return new FrameSplitter(
                answers, new BytePool(0), ArrivingBytes.unbounded(), Protocol.ANSWER_MAX, false);
    }

    boolean isOver() {
        return ended != null || dead;
    }

    @Nullable CloseReason ended() {
        return ended;
    }

    int outstanding() {
        return outstanding.size();
    }

    /// A hello with a ticket that is used up, for who has listened in; null if there is none yet.
    @Nullable Hello overheard() {
        if (!(life.phase() instanceof DialLife.Phase.Open)) {
            return null;
        }
        Secret last = hellos.getLast().ticket();
        for (Hello hello : hellos) {
            if (!hello.ticket().isNone() && !hello.ticket().equals(last)) {
                return hello;
            }
        }
        return null;
    }

    /// Its last hello, or null.
    @Nullable Hello lastHello() {
        return hellos.isEmpty() ? null : hellos.getLast();
    }

    /// How many connections it has had a hello on.
    int connections() {
        return hellos.size();
    }

    boolean send(long id, int padding) {
        if (session.lastSequence() == session.acknowledged()) {
            progressAt = world.now();
        }
        SenderSession.Offer offer =
                session.offer(out -> {
                    out.writeLong(id);
                    out.writeRaw(new byte[padding], 0, padding);
                });
        if (offer == SenderSession.Offer.NO_ROOM) {
            return false;
        }
        ledger.add(Ledger.Kind.SENT, id, number, Protocol.DATA_HEADER + 8 + padding);
        outstanding.add(id);
        happened(new Event.Wanted());
        pump();
        return true;
    }

    void close() {
        if (outstanding.isEmpty()) {
            happened(new Event.Closed());
        } else {
            session.askForAck();
            pump();
            world.after(SimWorld.SECOND, () -> happened(new Event.Closed()));
        }
    }

    /// The process dies.
    void crash() {
        dead = true;
        ledger.add(Ledger.Kind.SENDER_DIED, 0, number, 0);
        hangUp();
    }

    private DialLife.Account account() {
        return new DialLife.Account(
                session.acknowledged(),
                session.lastSequence(),
                progressAt,
                movedAt,
                heardAt,
                spokeAt);
    }

    private void happened(Event event) {
        if (isOver()) {
            return;
        }
        DialLife.Step step = life.step(event, world.now(), account(), limits.times, world.random);
        life = step.next();
        world.trace(4, life.phase().getClass().getSimpleName().hashCode());
        for (Effect effect : step.effects()) {
            carryOut(effect);
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Connect() -> world.after(world.upTo(SimWorld.MILLI), this::connect);
            case Effect.SayHello() -> sayHello();
            case Effect.Rewind(long upTo) -> rewind(upTo);
            case Effect.Carry() -> {
                carries = true;
                pump();
            }
            case Effect.Beat() -> say(Protocol.BEAT);
            case Effect.SayGoodbye() -> say(Protocol.GOODBYE);
            case Effect.HangUp() -> hangUp();
            case Effect.WakeAt(long time) -> {
                long mine = ++wakes;
                world.after(
                        Math.max(1, time - world.now()),
                        () -> {
                            if (mine == wakes) {
                                happened(new Event.TimeUp());
                            }
                        });
            }
            case Effect.Retrying _ -> seen.add("retry");
            case Effect.Suspect _ -> seen.add("suspect");
            case Effect.Recovered _ -> seen.add("recovered");
            case Effect.End(CloseReason reason) -> end(reason);
        }
    }

    private void connect() {
        if (isOver() || !(life.phase() instanceof DialLife.Phase.Connecting)) {
            return;
        }
        SimLink made = network.apply(this);
        if (made == null) {
            happened(new Event.NotConnected(new IOException("nobody listens"), true));
            return;
        }
        link = made;
        answers = new Answers(this);
        input = splitter();
        heardAt = world.now();
        happened(new Event.Connected());
    }

    private void sayHello() {
        DialLife.Session known = life.session();
        Hello hello =
                new Hello(
                        Feature.ALL,
                        known.id(),
                        SimServer.BODY_MAX,
                        limits.windowBytes,
                        limits.windowFrames,
                        Secret.NONE,
                        process,
                        known.incarnation(),
                        known.ticket(),
                        session.acknowledged(),
                        1000);
        hellos.add(hello);
        write(hello.encode().array());
    }

    private void rewind(long upTo) {
        long to = mutant == Mutant.NO_DEDUP_ON_RESUME ? session.acknowledged() : upTo;
        session.rewind(to);
        if (mutant == Mutant.WELCOME_ACKNOWLEDGES) {
            String _ = acknowledged(upTo);
        }
    }

    private void say(byte kind) {
        if (waiting.length == 0 && (!carries || session.peek() == null)) {
            ByteBuffer bare = ByteBuffer.allocate(5);
            Protocol.putBare(bare, kind);
            write(bare.array());
        }
    }

    /// Writes as much as there is room for; the rest of these bytes goes before all others.
    private void write(byte[] bytes) {
        SimLink to = link;
        if (to == null) {
            return;
        }
        spokeAt = world.now();
        int taken = to.write(this, bytes);
        waiting = java.util.Arrays.copyOfRange(bytes, taken, bytes.length);
    }

    private void pump() {
        while (link != null && !isOver()) {
            if (waiting.length > 0) {
                int before = waiting.length;
                write(waiting);
                if (waiting.length == before) {
                    return;
                }
            } else if (!carries || !gather()) {
                return;
            }
        }
    }

    private boolean gather() {
        SimLink to = link;
        ByteBuffer[] views = new ByteBuffer[3];
        int most = 1 + world.random.nextInt(300);
        int count = session.gather(views, 0, most);
        if (count == 0 || to == null) {
            return false;
        }
        byte[] bytes = new byte[views[0].remaining()];
        views[0].get(bytes);
        int taken = to.write(this, bytes);
        if (session.written(taken) && mutant != Mutant.BYTES_ARE_NO_PROGRESS) {
            movedAt = world.now();
        }
        spokeAt = world.now();
        return taken == bytes.length;
    }

    private void hangUp() {
        carries = false;
        waiting = new byte[0];
        SimLink old = link;
        link = null;
        if (old != null) {
            old.close(this);
        }
    }

    // ---- what comes

    private final ByteBuffer target = ByteBuffer.allocate(4096);

    @Override
    public void received(byte[] bytes) {
        heardAt = world.now();
        SimLink by = link;
        for (int at = 0; at < bytes.length && link == by && by != null; ) {
            ByteBuffer into = input.target(target);
            int length = Math.min(bytes.length - at, into.remaining());
            into.put(bytes, at, length);
            at += length;
            boolean _ = input.received(into);
        }
    }

    @Override
    public void broken() {
        happened(new Event.Lost(new IOException("broken")));
    }

    @Override
    public void writable() {
        pump();
    }

    @Override
    public void accepted(Welcome welcome) {
        happened(new Event.Welcomed(welcome));
    }

    @Override
    public @Nullable String acknowledged(long sequence) {
        long before = session.acknowledged();
        String wrong = session.acknowledged(sequence);
        if (wrong == null) {
            progressAt = world.now();
            for (long i = before; i < sequence; i++) {
                outcome(Ledger.Kind.DELIVERED);
            }
        }
        return wrong;
    }

    @Override
    public @Nullable String refused(long sequence, RejectCode code, String text) {
        long before = session.acknowledged();
        String wrong =
                session.refused(
                        sequence,
                        (buffer, offset, length, written) -> {
                            for (long i = before; i < sequence - 1; i++) {
                                outcome(Ledger.Kind.DELIVERED);
                            }
                            check(Protocol.int64(buffer, offset));
                            outcome(Ledger.Kind.NOT_DELIVERED);
                        });
        progressAt = world.now();
        return wrong;
    }

    private void check(long id) {
        if (outstanding.isEmpty() || outstanding.peek() != id) {
            throw new AssertionError("another frame came back than was sent");
        }
    }

    private void outcome(Ledger.Kind kind) {
        long id = outstanding.remove();
        world.trace(5, id ^ kind.name().hashCode());
        ledger.add(kind, id, number, 0);
    }

    @Override
    public void over(CloseReason reason) {
        happened(
                switch (reason) {
                    case CloseReason.Rejected(var code, var text) -> new Event.Rejected(code, text);
                    case CloseReason.PeerClosed() -> new Event.PeerClosed();
                    default -> new Event.Violated(reason.toString());
                });
    }

    @Override
    public boolean listens() {
        return !isOver() && link != null;
    }

    // ---- the end

    private void end(CloseReason reason) {
        ended = reason;
        seen.add(reason.getClass().getSimpleName());
        world.trace(6, reason.getClass().getSimpleName().hashCode());
        boolean refused =
                reason instanceof CloseReason.PeerClosed || reason instanceof CloseReason.Rejected;
        boolean late =
                reason instanceof CloseReason.AckTimedOut && mutant == Mutant.RETURN_AFTER_DEADLINE;
        session.forEachUnacknowledged(
                refused || late,
                0,
                (buffer, offset, length, written) -> {
                    check(Protocol.int64(buffer, offset));
                    if (!written && !refused && !late && mutant == Mutant.FORGET_LEFTOVERS) {
                        outstanding.remove();
                    } else {
                        outcome(written ? Ledger.Kind.UNKNOWN : Ledger.Kind.NOT_DELIVERED);
                    }
                });
        session.discard();
        if (!outstanding.isEmpty()) {
            throw new AssertionError("frames without an outcome: " + outstanding);
        }
    }
}
