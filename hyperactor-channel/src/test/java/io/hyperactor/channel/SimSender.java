package io.hyperactor.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// A process that sends messages with numbers, over one link after the other, and writes into a
/// [Ledger] what it hears of each. When it crashes, another one takes its place.
final class SimSender {
    private final Simulation in;
    private final SimWorld world;
    private final int messages;
    private final long pace;
    private final List<Link> links = new ArrayList<>();
    private long number;
    private int next = 1;
    private boolean waits;
    private boolean closes;
    private SimProcess process;

    /// One link, and the messages that it has taken and of which nothing is known yet.
    private final class Link implements TxListener {
        private final long number = in.nextLink();
        private final ArrayDeque<Long> outstanding = new ArrayDeque<>();
        private final Tx tx = process.channels().dial(in.address(), Secret.NONE, this);
        private long told;
        private boolean died;

        boolean isOver() {
            return died || tx.closed().isPresent();
        }

        boolean offer(long id, int padding) {
            boolean taken =
                    tx.offer(out -> {
                        out.writeLong(id);
                        out.writeRaw(new byte[padding], 0, padding);
                    });
            if (taken) {
                look(); // there may be room since this round of the loop
                in.note(Ledger.Kind.SENT, id, number, Protocol.DATA_HEADER + Long.BYTES + padding);
                outstanding.add(id);
            }
            return taken;
        }

        /// Nobody is told of an acknowledgement: it is looked up.
        void look() {
            long acknowledged = ((SessionTx) tx).session.acknowledged();
            while (told < acknowledged && !outstanding.isEmpty()) {
                outcome(Ledger.Kind.DELIVERED);
            }
        }

        private void outcome(Ledger.Kind kind) {
            told++;
            in.note(kind, outstanding.remove(), number, 0);
        }

        private void outcome(Ledger.Kind kind, byte[] buffer, int offset) {
            long id = Protocol.int64(buffer, offset);
            if (outstanding.isEmpty() || outstanding.peek() != id) {
                throw new AssertionError("another frame came back than was sent");
            }
            outcome(kind);
        }

        @Override
        public void refused(RejectCode code, String text, byte[] buffer, int offset, int length) {
            look();
            outcome(Ledger.Kind.NOT_DELIVERED, buffer, offset);
        }

        @Override
        public void roomAgain() {
            if (waits) {
                waits = false;
                send();
            }
        }

        @Override
        public void ended(CloseReason reason, UnackedFrames frames) {
            in.saw(reason.getClass().getSimpleName());
            look();
            frames.forEach((buffer, offset, length, written) ->
                    outcome(
                            written ? Ledger.Kind.UNKNOWN : Ledger.Kind.NOT_DELIVERED,
                            buffer,
                            offset));
            wakeUp();
        }
    }

    SimSender(Simulation in, long number, int messages, long pace) {
        this.in = in;
        this.world = in.world();
        this.number = number;
        this.messages = messages;
        this.pace = pace;
        this.process = started();
        later(pace);
    }

    private SimProcess started() {
        SimProcess started = in.start();
        started.onTurn(() -> links.forEach(Link::look));
        return started;
    }

    private void later(long nanos) {
        world.after(nanos / 2 + world.random.nextLong(nanos), this::send);
    }

    private void send() {
        if (closes || next > messages || waits) {
            return;
        }
        Link link = links.isEmpty() ? null : links.getLast();
        if (link == null || link.isOver()) {
            link = new Link();
            links.add(link);
        }
        if (link.offer(number << 32 | next, in.padding())) {
            next++;
            later(pace);
        } else {
            waits = true;
            if (world.chance(0.5)) { // who does not wait for room to be announced
                waits = false;
                later(200 * SimWorld.MILLI);
            }
        }
    }

    void standStill(long nanos) {
        process.standStill(nanos);
    }

    long stoppedUntil() {
        return process.stoppedUntil();
    }

    void crash() {
        process.kill();
        for (Link link : links) {
            if (!link.isOver()) {
                link.died = true;
                in.note(Ledger.Kind.SENDER_DIED, 0, link.number, 0);
            }
        }
        number += 1000;
        process = started();
        wakeUp();
    }

    private void wakeUp() {
        if (waits) {
            waits = false;
            later(pace);
        }
    }

    /// How many messages it has sent.
    int sent() {
        return next - 1;
    }

    /// Has it sent all, and heard of each?
    boolean isDone() {
        return next > messages
                && links.stream().allMatch(link -> link.isOver() || link.outstanding.isEmpty());
    }

    void close() {
        closes = true;
        for (Link link : links) {
            if (!link.isOver()) {
                ((Closing) link.tx).beginClose();
            }
        }
    }

    /// Have all its links ended?
    boolean isClosed() {
        return links.stream().allMatch(Link::isOver);
    }
}
