package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// What a router has passed on to where nothing is bound, for those who live behind it, by address.
/// What is counted there outlives a link, unless it has ended since nobody is there any more: the
/// process may be dialled again, and go on to say what it handles.
///
/// **Threads:** any.
final class Elsewhere {
    /// So many addresses besides those to which there is a link.
    private static final int UNLINKED_MAX = DialRouter.CLIENTS_MAX;

    private final Map<Target, MailboxClient> clients;
    private final Predicate<ProcId> isHere;
    private final LongSupplier nanoTime;
    private final int unlinkedMax;

    /// Of a target it is changed together with who leads there.
    private final Map<Target, Tallies> tallies = new ConcurrentHashMap<>();

    /// @param clients the links there are, by where they lead
    /// @param isHere whether a proc lives behind the router: what is said to others is not seen
    ///   here
    Elsewhere(Map<Target, MailboxClient> clients, Predicate<ProcId> isHere, LongSupplier nanoTime) {
        this(clients, isHere, nanoTime, UNLINKED_MAX);
    }

    Elsewhere(
            Map<Target, MailboxClient> clients,
            Predicate<ProcId> isHere,
            LongSupplier nanoTime,
            int unlinkedMax) {
        this.clients = clients;
        this.isHere = isHere;
        this.nanoTime = nanoTime;
        this.unlinkedMax = unlinkedMax;
    }

    /// What is known of a target; null if nothing is.
    @Nullable Tallies at(Target target) {
        return tallies.get(target);
    }

    /// Where what goes by way of `client` is counted; null if it is not, for that one has ended or
    /// too many are known.
    @Nullable Tallies by(Target target, MailboxClient client) {
        if (client.isUncounted()) {
            return null;
        }
        if (tallies.size() >= unlinkedMax + clients.size() && !tallies.containsKey(target)) {
            makeRoom();
        }
        Tallies counts =
                tallies.compute(
                        target,
                        (_, known) -> clients.get(target) == client ? by(known, client) : known);
        return counts != null && counts.goesBy(client) ? counts : null;
    }

    private @Nullable Tallies by(@Nullable Tallies known, MailboxClient client) {
        if (known == null && tallies.size() >= unlinkedMax + clients.size()) {
            BoundCounter.MESSAGES_UNNUMBERED.add(1);
            client.isUncountedFromNowOn();
            return null;
        }
        Tallies counts = known == null ? new Tallies(isHere, nanoTime) : known;
        counts.goBy(client);
        return counts;
    }

    /// Of addresses to which there is no link those go of which nothing is under way.
    private void makeRoom() {
        for (Target target : tallies.keySet()) {
            Tallies _ =
                    tallies.computeIfPresent(
                            target,
                            (_, known) ->
                                    !clients.containsKey(target) && known.endIfSettled()
                                            ? null
                                            : known);
        }
    }

    /// That link has ended: it leads there no more.
    ///
    /// @param isGone nor is there any more who was there
    /// @return what is to be told then; null if nothing
    @Nullable Tallies ended(Target target, MailboxClient client, boolean isGone) {
        AtomicReference<@Nullable Tallies> over = new AtomicReference<>();
        Tallies _ =
                tallies.compute(
                        target,
                        (_, known) -> {
                            boolean led = clients.remove(target, client);
                            boolean heard = known != null && known.leaves(client);
                            if (led && isGone) {
                                over.set(known);
                            }
                            return led && (isGone || !heard) ? null : known;
                        });
        return over.get();
    }

    /// A proc that lived here has ended: there is nobody whom to tell.
    void forgetSendersOf(ProcId ended) {
        tallies.values().forEach(counts -> counts.forgetSendersOf(ended));
    }
}
