package io.hyperactor.channel;

import java.util.ArrayList;
import java.util.List;

/// A process that serves an address, and writes into a [Ledger] what it takes. It is full at times,
/// refuses some messages for ever, closes or crashes.
final class SimReceiver implements FrameReceiver {
    private final Simulation in;
    private final SimWorld world;
    private final double refusals;
    private final boolean collects;
    private final SimProcess process;
    private final ChannelServer server;
    private final List<ServedSession<?>> sessions = new ArrayList<>();
    private final List<Ledger.Entry> collected = new ArrayList<>();
    private long fullUntil;
    private boolean closes;
    private boolean closed;

    /// @param refusals of how many messages it can take none, from 0 to 1
    /// @param collects it hands on what it takes at the end of a batch
    SimReceiver(Simulation in, SimProcess process, double refusals, boolean collects) {
        this.in = in;
        this.world = in.world();
        this.process = process;
        this.refusals = refusals;
        this.collects = collects;
        this.server = process.channels().serve(in.address(), Admission.open(), this);
        process.onTurn(this::look);
    }

    /// The life of its process.
    long incarnation() {
        return process.channels().context().incarnation();
    }

    boolean listens() {
        return !closed && !process.isOver();
    }

    void full(long nanos) {
        fullUntil = world.now() + nanos;
    }

    void standStill(long nanos) {
        process.standStill(nanos);
    }

    void kill() {
        process.kill();
    }

    /// In good order, just after it has taken a message, if one comes soon.
    void closeSoon() {
        closes = true;
        world.after(SimWorld.SECOND, this::close);
    }

    private void close() {
        closed = true;
        ((Closing) server).beginClose();
    }

    /// Nothing may come of a session that is over.
    private void look() {
        sessions.removeIf(session -> {
            if (session.isOver()) {
                in.note(Ledger.Kind.SESSION_OVER, 0, session.id, 0);
            }
            return session.isOver();
        });
    }

    @Override
    public boolean received(Inbound from, byte[] buffer, int offset, int length) {
        if (length < Long.BYTES) {
            throw new IllegalArgumentException("no message");
        }
        long id = Protocol.int64(buffer, offset);
        ServedSession<?> session = (ServedSession<?>) from.session();
        if (Math.floorMod((id * 0x9E3779B97F4A7C15L) >>> 40, 1000) < refusals * 1000) {
            in.note(Ledger.Kind.REFUSED, id, session.id, 0);
            throw new FrameRefused("no");
        }
        if (world.now() < fullUntil) {
            if (world.chance(0.1)) {
                world.after(world.anyUpTo(2 * SimWorld.MILLI), from::resume);
            }
            return false;
        }
        if (session.isOver()) {
            in.note(Ledger.Kind.SESSION_OVER, 0, session.id, 0);
        } else if (!sessions.contains(session)) {
            sessions.add(session);
        }
        collected.add(new Ledger.Entry(Ledger.Kind.ENQUEUED, id, session.id, 0));
        if (!collects) {
            batchEnd();
        }
        if (closes) {
            world.after(0, this::close);
        }
        return true;
    }

    @Override
    public void batchEnd() {
        collected.forEach(entry -> in.note(entry.kind(), entry.id(), entry.session(), 0));
        collected.clear();
    }
}
