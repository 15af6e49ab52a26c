package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
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
    private static final int UNLINKED_MAX = Links.MAX;

    private final Links links;
    private final Predicate<ProcId> isHere;
    private final LongSupplier nanoTime;
    private final int unlinkedMax;

    /// Of a target it is changed together with who leads there.
    private final Map<Target, Tallies> tallies = new ConcurrentHashMap<>();

    /// Links of which nothing is counted any more: what is said of the first messages must not be
    /// taken for what comes later.
    private final Set<MailboxClient> uncounted = ConcurrentHashMap.newKeySet();

    /// @param links the links there are
    /// @param isHere whether a proc lives behind the router: what is said to others is not seen
    ///   here
    Elsewhere(Links links, Predicate<ProcId> isHere, LongSupplier nanoTime) {
        this(links, isHere, nanoTime, UNLINKED_MAX);
    }

    Elsewhere(Links links, Predicate<ProcId> isHere, LongSupplier nanoTime, int unlinkedMax) {
        this.links = links;
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
        if (uncounted.contains(client)) {
            return null;
        }
        if (tallies.size() >= unlinkedMax + links.size() && !tallies.containsKey(target)) {
            makeRoom();
        }
        Tallies counts =
                tallies.compute(
                        target,
                        (_, known) -> links.at(target) == client ? by(known, client) : known);
        return counts != null && counts.goesBy(client) ? counts : null;
    }

    private @Nullable Tallies by(@Nullable Tallies known, MailboxClient client) {
        if (known == null && tallies.size() >= unlinkedMax + links.size()) {
            BoundCounter.MESSAGES_UNNUMBERED.add(1);
            uncounted.add(client);
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
                                    links.at(target) == null && known.endIfSettled()
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
                            boolean led = links.remove(target, client);
                            boolean heard = known != null && known.leaves(client);
                            if (led && isGone) {
                                over.set(known);
                            }
                            return led && (isGone || !heard) ? null : known;
                        });
        uncounted.remove(client); // from now on nobody can add it
        return over.get();
    }

    /// A proc that lived here has ended: there is nobody whom to tell.
    void forgetSendersOf(ProcId ended) {
        tallies.values().forEach(counts -> counts.forgetSendersOf(ended));
    }
}
