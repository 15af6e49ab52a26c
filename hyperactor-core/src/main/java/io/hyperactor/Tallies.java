package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What a router has passed on to one proc and the proc has not said to have dealt with, for each
/// sender and destination. When the proc ends these messages are in doubt, and their senders are
/// told.
///
/// Only plain messages for actors are counted: who asks learns of the end anyway, and what is in a
/// port nobody handles but who takes it out. Those for a proc's agent are about the proc itself.
///
/// **Threads:** any.
final class Tallies {
    private static final Logger LOG = LoggerFactory.getLogger(Tallies.class);
    static final int PAIRS_MAX = 65_536;

    private final int pairsMax;
    private final Map<Correspondents, Tally> tallies = new ConcurrentHashMap<>();
    private volatile @Nullable MailboxClient link;
    private volatile boolean full;
    private boolean told; // guarded by this
    private long life; // of the proc; 0 until it has said something. Guarded by this

    Tallies() {
        this(PAIRS_MAX);
    }

    Tallies(int pairsMax) {
        this.pairsMax = pairsMax;
    }

    /// What is counted goes by way of `client` from now on.
    void goBy(MailboxClient client) {
        if (link != client) {
            switchTo(client);
        }
    }

    /// Not back to an older one, for whoever was about to use it when it ended.
    private synchronized void switchTo(MailboxClient client) {
        if (told) {
            return;
        }
        client.isCountedBy(this);
        MailboxClient known = link;
        if (known == null || known.number() < client.number()) {
            link = client;
        }
    }

    /// What was passed on last went that way; null if nothing was.
    @Nullable MailboxClient link() {
        return link;
    }

    /// Where `envelope` is to be counted; null if it is not.
    @Nullable Tally of(Envelope envelope) {
        Address sender = envelope.senderAddress();
        Address destination = envelope.destinationAddress();
        Tally known = destination.tally();
        if (known != null && known.isOf(this, envelope)) {
            return known;
        }
        known = sender.tally();
        if (known == null || !known.isOf(this, envelope)) {
            known = byMap(envelope);
        }
        if (known != null) {
            sender.countedBy(known);
            destination.countedBy(known);
        }
        return known;
    }

    /// The same when the one that was found is no good any more.
    @Nullable Tally byMap(Envelope envelope) {
        Correspondents key = correspondents(envelope);
        Tally known = tallies.get(key);
        if (known != null && !known.isForgotten()) {
            return known;
        }
        if (known != null) {
            tallies.remove(key, known); // whoever forgot it has not come to that
        }
        if (ProcAgent.is(key.destination())) {
            return null;
        }
        if (full || (tallies.size() >= pairsMax && !makeRoom())) {
            BoundCounter.MESSAGES_UNNUMBERED.add(1);
            return null;
        }
        return tallies.computeIfAbsent(key, _ -> new Tally(this, envelope));
    }

    private static Correspondents correspondents(Envelope envelope) {
        return new Correspondents(
                envelope.senderAddress().id(),
                envelope.senderIncarnation(),
                envelope.destinationAddress().id());
    }

    /// Forgets those of which nothing is under way. Once that is of no use there are no new ones:
    /// what is not counted now must not be taken for something that is counted later.
    private synchronized boolean makeRoom() {
        if (tallies.size() >= pairsMax) {
            tallies.values().removeIf(Tallies::forget);
            if (tallies.size() >= pairsMax) {
                full = true;
                LOG.warn("no more than {} senders and destinations are counted", pairsMax);
            }
        }
        return !full;
    }

    private static boolean forget(Tally tally) {
        boolean forgotten = tally.forget();
        if (forgotten) {
            BoundCounter.PAIRS_FORGOTTEN.add(1);
        }
        return forgotten;
    }

    /// A message that was passed on over the link of that number came back by itself.
    void cameBack(Envelope envelope, long by, Undeliverable.Outcome outcome) {
        Tally tally = envelope.isTell() ? tallies.get(correspondents(envelope)) : null;
        if (tally != null) {
            tally.cameBack(by, outcome);
        }
    }

    /// The proc has said what it has dealt with. Of what its predecessor said nothing is believed;
    /// should that come first, then nothing of its own, and more is in doubt than need be.
    void heard(Envelope envelope) {
        if (envelope.typeHash() != Handled.TYPE.hash()
                || !envelope.sender().proc().equals(envelope.proc())) {
            Counters.forbidden(envelope, "somebody who does not handle what is sent to that proc");
            return;
        }
        News.read(envelope, Handled.TYPE, Handled.MAX_BYTES, this::heard);
    }

    private void heard(Handled handled) {
        if (!isAlive(handled.life())) {
            return;
        }
        for (Handled.Mark mark : handled.marks()) {
            Tally tally =
                    tallies.get(
                            new Correspondents(
                                    mark.sender(), mark.incarnation(), mark.destination()));
            if (tally != null) {
                tally.dealtWith(mark);
            }
        }
    }

    private synchronized boolean isAlive(long said) {
        if (life == 0) {
            life = said;
        }
        return life == said;
    }

    /// It may hold much, and this is still known to addresses.
    private synchronized void forgetLink() {
        told = true;
        link = null;
    }

    private synchronized boolean isHeard() {
        return life != 0;
    }

    /// That proc has ended: nobody is there whom to tell. Those who do not say which life they are
    /// of may be there again.
    void forgetSendersOf(ProcId ended) {
        tallies.keySet().removeIf(of -> of.incarnation() != 0 && of.sender().proc().equals(ended));
    }

    /// The proc has ended: tells every sender what is in doubt. Nobody if the proc has never said
    /// anything: it may as well have handled everything, as one does that does not count.
    ///
    /// @param home leads to them
    void tell(Home home) {
        forgetLink();
        if (!isHeard()) {
            tallies.clear();
            return;
        }
        for (Tally tally : tallies.values()) {
            try {
                tell(tally, home);
            } catch (Throwable t) { // the others are told all the same
                Counters.abandoned("a sender was not told what is in doubt", t);
            }
        }
        tallies.clear();
    }

    private static void tell(Tally tally, Home home) {
        Undeliverable.Numbers numbers = tally.inDoubt();
        if (numbers == null) {
            return;
        }
        Counters.undelivered(DeliveryFailure.Reason.PROC_DIED, numbers.count());
        InDoubt inDoubt =
                new InDoubt(tally.destination.id(), tally.port, numbers.first(), numbers.last());
        ObjectEnvelope news =
                ObjectEnvelope.news(
                        tally.destination,
                        tally.sender,
                        InDoubt.PORT,
                        tally.incarnation,
                        inDoubt,
                        InDoubt.TYPE);
        home.send(news, InDoubt.SIZE_BYTES);
    }
}
