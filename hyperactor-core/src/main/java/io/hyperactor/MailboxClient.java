package io.hyperactor;

import io.hyperactor.channel.ChannelException;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.RejectCode;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.channel.TxListener;
import io.hyperactor.channel.UnackedFrames;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.WireException;
import io.hyperactor.wire.WireFormatException;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicLong;

/// Sends envelopes over one channel. When the channel ends, what was not acknowledged goes back to
/// its senders: as not delivered if it was never written, else as unknown.
///
/// **Threads:** any.
public final class MailboxClient implements MailboxSender, AutoCloseable, Crowds.Place {
    static final int ASKED_MAX = 1024;

    private static final AtomicLong MADE = new AtomicLong();

    /// Whose client it was.
    @FunctionalInterface
    interface Owner {
        /// Told once, when the channel has ended and the client is of no more use.
        ///
        /// @return what is to be done when all is back that it had not delivered; null for nothing
        @Nullable Runnable ended(MailboxClient client, CloseReason reason);
    }

    private final long number = MADE.incrementAndGet();
    private final Home home;
    private final Tx tx;
    private final Set<Tallies> tallies = new CopyOnWriteArraySet<>();
    private final Map<ProcId, Askers> asked = new ConcurrentHashMap<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile long usedAt;
    private volatile boolean owes; // it has been given something that must arrive

    /// Why its owner has no place for it any more.
    private volatile @Nullable DeliveryFailure displaced;

    /// Dials `address`; the connection is made when the first envelope comes.
    ///
    /// @param secret what the server is shown
    /// @param home takes what goes back to its senders: the proc or router they live behind
    /// @throws ChannelException if the address can not be dialled
    MailboxClient(
            Channels channels, ChannelAddress address, Secret secret, Home home, Owner owner) {
        this.home = home;
        this.usedAt = home.process().clockwork().nanoTime();
        this.tx =
                channels.dial(
                        address,
                        secret,
                        new TxListener() {
                            @Override
                            public void ended(CloseReason reason, UnackedFrames frames) {
                                Runnable next = null;
                                try {
                                    next = owner.ended(MailboxClient.this, reason);
                                } finally {
                                    giveBackAll(reason, frames, next);
                                }
                            }

                            @Override
                            public void refused(
                                    RejectCode code,
                                    String text,
                                    byte[] buffer,
                                    int offset,
                                    int length) {
                                if (code == RejectCode.FRAME_TOO_LARGE) {
                                    Counters.countTooLarge();
                                }
                                giveBack(
                                        new DeliveryFailure(LinkEnds.reasonOf(code), text),
                                        Undeliverable.Outcome.NOT_DELIVERED,
                                        buffer,
                                        offset,
                                        length);
                            }
                        });
    }

    private void giveBackAll(CloseReason reason, UnackedFrames frames, @Nullable Runnable next) {
        try {
            giveBack(reason, frames);
        } finally {
            ended.complete(null);
            if (next != null) {
                next.run();
            }
        }
    }

    @Override
    public boolean offer(Envelope envelope) {
        return offer(envelope, null);
    }

    /// The same for one that is counted if it is taken.
    boolean offer(Envelope envelope, @Nullable Tally found) {
        if (envelope.ttl() <= 0) {
            envelope.undeliverable(
                    DeliveryFailure.Reason.EXPIRED, "routing loop at " + tx.address());
            return true;
        }
        if (!owes && envelope.isOwed()) {
            owes = true;
        }
        Tally tally = counted(envelope, found);
        OncePort<?> ask = envelope.ask();
        if (ask != null) {
            ask.goesBy(this); // as with the tally, from now on the link may end with it
        }
        boolean taken = false;
        try {
            boolean waits = !envelope.isPassing() && !envelope.isReturn(); // news never does
            taken = waits ? tx.offer(envelope) : tx.passOn(envelope);
            return taken ? taken(envelope) : noRoom(envelope);
        } catch (ChannelException.FrameTooLarge e) {
            ObjectEnvelope shorter = Returned.withoutPayload(envelope, home);
            if (shorter != null) {
                return offer(shorter);
            }
            Counters.countTooLarge();
            envelope.undeliverable(DeliveryFailure.Reason.FRAME_TOO_LARGE, Texts.describe(e));
        } catch (ChannelException e) {
            envelope.undeliverable(LinkEnds.reasonOf(e), Texts.describe(e));
        } catch (WireException e) {
            envelope.undeliverable(DeliveryFailure.Reason.UNENCODABLE, Texts.describe(e));
        } finally {
            if (!taken && tally != null) {
                tally.cameBack(number, Undeliverable.Outcome.NOT_DELIVERED);
            }
            if (!taken && ask != null) {
                ask.goesBy(null);
            }
        }
        return true;
    }

    /// Before the link has it: from then on it may come back, or be handled, at any moment.
    private @Nullable Tally counted(Envelope envelope, @Nullable Tally found) {
        if (found == null || found.passed(number)) {
            return found;
        }
        Tally fresh = found.of.byMap(envelope);
        return fresh != null && fresh.passed(number) ? fresh : null;
    }

    private boolean taken(Envelope envelope) {
        if (envelope.isPassing() && tx.isCrowded()) {
            home.process().crowds().entered(this, envelope, true, home);
        }
        return true;
    }

    /// Who has sent from this process waits. What comes from another goes back, for waiting would
    /// hold up what is behind it; news among it is kept until there is room.
    private boolean noRoom(Envelope envelope) {
        if (!(envelope instanceof WireEnvelope wire && wire.isPassing())) {
            return false;
        }
        if (Returned.isNews(wire)) {
            home.process().news().send(wire.kept(), wire.wireBytes(), this);
        } else {
            home.process().crowds().entered(this, envelope, true, home);
            envelope.undeliverable(
                    DeliveryFailure.Reason.QUEUE_FULL, "the way to " + envelope.proc());
        }
        return true;
    }

    @Override
    public boolean isRoomy() {
        return tx.isRoomy();
    }

    private void giveBack(CloseReason reason, UnackedFrames frames) {
        DeliveryFailure known = displaced;
        DeliveryFailure failure =
                known != null
                        ? known
                        : new DeliveryFailure(
                                LinkEnds.reasonOf(reason), tx.address() + ": " + reason);
        frames.forEach((buffer, offset, length, written) ->
                giveBack(
                        failure,
                        written
                                ? Undeliverable.Outcome.UNKNOWN
                                : Undeliverable.Outcome.NOT_DELIVERED,
                        buffer,
                        offset,
                        length));
    }

    private void giveBack(
            DeliveryFailure failure,
            Undeliverable.Outcome outcome,
            byte[] buffer,
            int offset,
            int length) {
        try {
            WireEnvelope envelope = WireEnvelope.parse(buffer, offset, length, home);
            tallies.forEach(counts -> counts.cameBack(envelope, number, outcome));
            envelope.undeliverable(failure, outcome);
        } catch (WireFormatException e) {
            Counters.malformed("a frame that came back", e);
        } catch (Throwable t) { // those behind it come back all the same
            Counters.abandoned("a message did not come back", t);
        }
    }

    /// Who asks that proc over this channel, which it is noted in.
    Askers askersOf(ProcId proc) {
        Askers known = asked.get(proc);
        if (known != null) {
            return known;
        }
        if (asked.size() >= ASKED_MAX) {
            forgetAskers();
        }
        return asked.computeIfAbsent(proc, _ -> new Askers());
    }

    /// Whoever asked these and asks them nothing any more is not told.
    private void forgetAskers() {
        asked.forEach((proc, askers) -> {
            if (asked.remove(proc, askers)) {
                BoundCounter.ASKERS_FORGOTTEN.add(askers.size());
            }
        });
    }

    /// Tells them all that no answer comes.
    void tellAskers() {
        asked.forEach((proc, askers) -> askers.tell(proc, home));
    }

    /// What comes back is told `counts`.
    void isCountedBy(Tallies counts) {
        tallies.add(counts);
    }

    /// No more.
    void isCountedNoMoreBy(Tallies counts) {
        tallies.remove(counts);
    }

    /// Runs `action` when the channel has ended and all is back that it had not delivered.
    void whenEnded(Runnable action) {
        var _ = ended.thenRun(action);
    }

    @Override
    public CompletableFuture<Void> flush() {
        return owes ? tx.flush() : CompletableFuture.completedFuture(null);
    }

    /// The life of the process at the other end; 0 until it has answered.
    long incarnation() {
        return tx.incarnation();
    }

    /// Whether the other end has ever answered.
    boolean isAnswered() {
        return tx.isAnswered();
    }

    /// Whether nothing is on its way.
    boolean isIdle() {
        return tx.isIdle();
    }

    /// Somebody has sent something at that time.
    void used(long now) {
        if (tx.isAnswered()) { // until then it is as old as its first message
            usedAt = now;
        }
    }

    /// When it was used last, or made if nobody has answered yet.
    long usedAt() {
        return usedAt;
    }

    /// Ends at once; what is on its way comes back.
    void displace(String why) {
        displaced =
                new DeliveryFailure(
                        DeliveryFailure.Reason.LINK_UNAVAILABLE, tx.address() + ": " + why);
        tx.abort();
    }

    /// Counts up in the order in which clients were made.
    long number() {
        return number;
    }

    /// Where it sends to.
    public ChannelAddress address() {
        return tx.address();
    }

    /// Writes out what is queued, then ends. Who has never answered, and is owed nothing, is not
    /// waited for.
    @Override
    public void close() {
        if (owes || isAnswered()) {
            tx.close();
        } else {
            tx.abort();
        }
    }
}
