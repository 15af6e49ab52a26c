package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The process that a router's links to one place lead to: the link that does now, which life of
/// the process that is, and which of its procs have said that they count what they handle.
///
/// **Threads:** one at a time, but for [#link].
final class PeerProcess {
    private final int countingMax;
    private final Set<ProcId> counting = new HashSet<>();
    private volatile @Nullable MailboxClient link;
    private long newest; // number of the link
    private long incarnation; // 0 until it is known

    /// @param countingMax so many procs at most are known to count
    /// @param incarnation which life of the process is believed; 0 for the one that is found there
    PeerProcess(int countingMax, long incarnation) {
        this.countingMax = countingMax;
        this.incarnation = incarnation;
    }

    /// The link that leads there, on any thread; null if there is none.
    @Nullable MailboxClient link() {
        return link;
    }

    /// That link leads there from now on, unless it is older than the one that does.
    void goBy(MailboxClient client) {
        if (newest < client.number()) {
            identify(); // the last words of who was there may still be on their way
            link = client;
            newest = client.number();
        }
    }

    /// Whether that link leads there, or led there before the one that does.
    boolean hasGoneBy(MailboxClient client) {
        return newest >= client.number();
    }

    /// That link has ended.
    void leaves(MailboxClient client) {
        identify();
        if (link == client) {
            letGo();
        }
    }

    /// It may hold much.
    void letGo() {
        link = null;
    }

    /// Whether that life of a process is the one that is believed.
    boolean is(long by) {
        identify();
        return incarnation != 0 && incarnation == by;
    }

    private void identify() {
        MailboxClient known = link;
        if (incarnation == 0 && known != null) {
            incarnation = known.incarnation();
        }
    }

    /// That proc has said that it counts.
    void counts(ProcId proc) {
        if (counting.size() >= countingMax) {
            counting.clear(); // who counts says so again
        }
        counting.add(proc);
    }

    boolean isCounting(ProcId proc) {
        return counting.contains(proc);
    }

    /// Whether anybody there has said so.
    boolean isCounting() {
        return !counting.isEmpty();
    }

    /// Believes who is at the end of the link now.
    ///
    /// @return who counted in the life before; empty if it is still the same, or not known to be
    ///   another
    Optional<Set<ProcId>> follow() {
        MailboxClient known = link;
        long there = known == null ? 0 : known.incarnation();
        if (incarnation == 0 || there == 0 || there == incarnation) {
            return Optional.empty();
        }
        incarnation = there;
        Set<ProcId> before = Set.copyOf(counting);
        counting.clear();
        return Optional.of(before);
    }
}
