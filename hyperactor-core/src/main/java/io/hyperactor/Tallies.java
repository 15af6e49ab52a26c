package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// What a router has passed on to one process, for a proc that it binds or for all at an address,
/// and what nobody there has said to have handled or given back, for each sender and destination.
/// When the process ends these messages are in doubt, and their senders are told.
///
/// Only plain messages for actors are counted: who asks learns of the end anyway, and what is in a
/// port nobody handles but who takes it out. Those for a proc's agent are about the proc itself.
///
/// What is said counts only if it comes from the process to which the link leads: not from the one
/// that was there before.
///
/// **Threads:** any.
final class Tallies {
    private static final Logger LOG = LoggerFactory.getLogger(Tallies.class);
    static final int PAIRS_MAX = 65_536;

    private static final Duration SAYS_SO_WITHIN = Duration.ofSeconds(5);

    private final int pairsMax;
    private final Predicate<ProcId> isCounted;
    private final LongSupplier nanoTime;
    private final long saysSoWithin;
    private final Map<Correspondents, Tally> tallies = new ConcurrentHashMap<>();
    private final PeerProcess peer; // guarded by this
    private volatile boolean full;
    private boolean told; // guarded by this

    /// Of a proc that is bound, whose host is told first of all.
    Tallies() {
        this(PAIRS_MAX, _ -> true, () -> 0, Duration.ZERO, 0);
    }

    /// Of all at an address, who may have to dial first before they can say anything.
    ///
    /// @param isCounted whether what procs of that name send is counted
    Tallies(Predicate<ProcId> isCounted, LongSupplier nanoTime) {
        this(PAIRS_MAX, isCounted, nanoTime, SAYS_SO_WITHIN, 0);
    }

    /// @param saysSoWithin who counts has said so by then
    /// @param incarnation whom it believes; 0 for who is found at the other end of the link
    Tallies(
            int pairsMax,
            Predicate<ProcId> isCounted,
            LongSupplier nanoTime,
            Duration saysSoWithin,
            long incarnation) {
        this.pairsMax = pairsMax;
        this.isCounted = isCounted;
        this.nanoTime = nanoTime;
        this.saysSoWithin = saysSoWithin.toNanos();
        this.peer = new PeerProcess(pairsMax, incarnation);
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /// What is counted goes by way of `client` from now on.
    void goBy(MailboxClient client) {
        if (link() != client) {
            switchTo(client);
        }
    }

    /// Not back to an older one, for whoever was about to use it when it ended.
    private synchronized void switchTo(MailboxClient client) {
        if (!told) {
            client.isCountedBy(this);
            peer.goBy(client);
        }
    }

    /// Whether what is counted goes by way of `client`, or of one that came after it.
    synchronized boolean goesBy(MailboxClient client) {
        return !told && peer.hasGoneBy(client);
    }

    /// That link has ended.
    ///
    /// @return whether anybody there has said that he counts
    synchronized boolean leaves(MailboxClient client) {
        peer.leaves(client);
        return peer.isCounting();
    }

    /// What was passed on last went that way; null if nothing was.
    @Nullable MailboxClient link() {
        return peer.link();
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
            known = isCounted.test(sender.id().proc()) ? byMap(envelope) : null;
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

    /// A proc there has said what it has handled.
    ///
    /// @param by incarnation of the process from which this came
    /// @return false if it is not believed: it comes from another process, or too late
    synchronized boolean handled(Handled said, ProcId proc, long by) {
        if (!isThere(by)) {
            return false;
        }
        peer.counts(proc);
        for (Handled.Mark mark : said.marks()) {
            Tally tally =
                    tallies.get(
                            new Correspondents(
                                    mark.sender(), mark.incarnation(), mark.destination()));
            if (tally != null) {
                tally.handled(mark.handled());
            }
        }
        return true;
    }

    /// A message is on its way back that had come from here, perhaps; or its sender is on the way
    /// to be told that it is in doubt.
    ///
    /// @param by incarnation of the process from which this came
    void cameBack(Envelope news, long by, Home home) {
        if (news.port() == Returned.PORT && news.typeHash() == Returned.TYPE.hash()) {
            News.read(
                    news,
                    Returned.TYPE,
                    Returned.MAX_BYTES,
                    returned -> returned.note(news, home, original -> givenBack(original, by)));
        } else if (news.port() == InDoubt.PORT && news.typeHash() == InDoubt.TYPE.hash()) {
            News.read(
                    news,
                    InDoubt.TYPE,
                    News.SHORT_MAX_BYTES,
                    inDoubt -> settled(inDoubt, news, by));
        }
    }

    private synchronized void givenBack(Envelope original, long by) {
        Tally tally = tallies.get(correspondents(original));
        if (tally != null && isThere(by)) {
            tally.givenBack();
        }
    }

    private synchronized void settled(InDoubt inDoubt, Envelope news, long by) {
        Tally tally =
                tallies.get(
                        new Correspondents(
                                news.destinationAddress().id(),
                                news.incarnation(),
                                inDoubt.destination()));
        if (tally != null && inDoubt.destination().equals(news.sender()) && isThere(by)) {
            tally.handled(inDoubt.last() - inDoubt.first() + 1);
        }
    }

    /// Whether that process is the one to which all this goes.
    private synchronized boolean isThere(long by) {
        return !told && peer.is(by);
    }

    /// Of an address: if another process is there now, then what its predecessor had taken, and had
    /// not said to have handled when its link ended in good order, is in doubt.
    void follow(Home home) {
        MailboxClient known;
        Optional<Set<ProcId>> counting;
        synchronized (this) {
            known = link();
            counting = peer.follow();
        }
        if (known == null || counting.isEmpty()) {
            return;
        }
        for (Tally tally : tallies.values()) {
            Undeliverable.Numbers numbers = tally.beginAnew(known.number());
            if (numbers != null && counting.get().contains(tally.destination.id().proc())) {
                tell(tally, numbers, home);
            }
        }
    }

    /// Whether nothing is under way. Then this is over.
    synchronized boolean endIfSettled() {
        if (!full) { // else what was not counted would be taken for what is counted later
            tallies.values().removeIf(Tally::forget);
            if (tallies.isEmpty()) {
                forgetLink();
            }
        }
        return told;
    }

    /// It may hold much, and this is still known to addresses.
    private synchronized void forgetLink() {
        told = true;
        peer.letGo();
    }

    /// Whether what that one says counts. If its proc has said nothing it may not count what it
    /// handles, unless it has not had the time to say that it does.
    private synchronized boolean isTold(Tally tally) {
        return peer.isCounting(tally.destination.id().proc()) || now() - tally.since < saysSoWithin;
    }

    /// That proc has ended: nobody is there whom to tell. Those who do not say which life they are
    /// of may be there again.
    void forgetSendersOf(ProcId ended) {
        tallies.keySet().removeIf(of -> of.incarnation() != 0 && of.sender().proc().equals(ended));
    }

    /// The process has ended: tells every sender what is in doubt. Nobody of a proc that has never
    /// said anything for long: it may as well have handled everything, as one does that does not
    /// count.
    ///
    /// @param home leads to them
    void tell(Home home) {
        forgetLink();
        for (Tally tally : tallies.values()) {
            try {
                if (isTold(tally)) {
                    tell(tally, tally.inDoubt(), home);
                }
            } catch (Throwable t) { // the others are told all the same
                Counters.abandoned("a sender was not told what is in doubt", t);
            }
        }
        tallies.clear();
    }

    private static void tell(Tally tally, Undeliverable.@Nullable Numbers numbers, Home home) {
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
