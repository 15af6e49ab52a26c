package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Who has sent requests to one proc through this router: each proc there are any in is told when
/// that proc ends, for then no answer comes. Those who asked last are known, a few hundred, as
/// whoever is told may have to be dialled: others learn by their time limit.
///
/// **Threads:** any.
final class Askers {
    /// So many procs are known at least, if there were so many, and twice as many at most.
    static final int LATEST = 256;

    private volatile Map<ProcId, Group> latest = new ConcurrentHashMap<>();
    private volatile Map<ProcId, Group> before = Map.of();
    private volatile @Nullable Asker last;

    /// One who asks, in one of its lives.
    private static final class Asker {
        private volatile Address address; // as it was parsed last
        final long incarnation;

        /// Of its latest request: they are sent in the order of their ports, unless several threads
        /// use one client.
        final AtomicLong port = new AtomicLong();

        Asker(Address address, long incarnation) {
            this.address = address;
            this.incarnation = incarnation;
        }

        @SuppressWarnings("ReferenceEquality") // quick, and a miss costs only the long way
        boolean isQuickly(Envelope envelope) {
            return address == envelope.senderAddress()
                    && incarnation == envelope.senderIncarnation();
        }

        void asks(long replyPort) {
            if (replyPort > port.get()) {
                long _ = port.accumulateAndGet(replyPort, Math::max);
            }
        }

        ProcDied.Asked asked() {
            return new ProcDied.Asked(address.id(), incarnation, port.get());
        }
    }

    /// Those in one proc.
    private static final class Group {
        private final Address any;
        private final Map<ActorId, Asker> members = new HashMap<>();
        private boolean isCrowd;

        Group(Address any) {
            this.any = any;
        }

        synchronized Asker member(Address sender, long incarnation) {
            Asker known = members.get(sender.id());
            if (known != null && known.incarnation == incarnation) {
                known.address = sender;
                return known;
            }
            Asker fresh = new Asker(sender, incarnation);
            members.put(sender.id(), fresh);
            if (isCrowd || becomesCrowd()) {
                members.clear();
            }
            return fresh;
        }

        private boolean becomesCrowd() {
            isCrowd = members.size() > ProcDied.ASKED_MAX;
            if (isCrowd) {
                BoundCounter.ASKERS_LUMPED.add(1);
            }
            return isCrowd;
        }

        /// None of a crowd, which stands for all.
        synchronized List<ProcDied.Asked> asked() {
            return members.values().stream().map(Asker::asked).toList();
        }

        void tell(ProcId ended, Address from, Home home) {
            ProcDied died = new ProcDied(ended, asked());
            ObjectEnvelope news =
                    ObjectEnvelope.news(from, any, ProcDied.PORT, 0, died, ProcDied.TYPE);
            home.send(news, died.sizeBytes());
        }
    }

    void passed(Envelope envelope) {
        long replyPort = envelope.replyPort();
        if (replyPort != 0) {
            Asker known = last;
            if (known == null || !known.isQuickly(envelope)) {
                last = known = find(envelope.senderAddress(), envelope.senderIncarnation());
            }
            known.asks(replyPort);
        }
    }

    private Asker find(Address sender, long incarnation) {
        Map<ProcId, Group> known = latest;
        Asker found =
                known.computeIfAbsent(sender.id().proc(), proc -> group(proc, sender))
                        .member(sender, incarnation);
        if (known.size() >= LATEST) {
            startAfresh(known);
        }
        return found;
    }

    private Group group(ProcId proc, Address any) {
        Group known = before.get(proc);
        return known != null ? known : new Group(any);
    }

    /// Forgets those who have asked nothing since the latest were begun.
    @SuppressWarnings("ReferenceEquality") // somebody else may have done it
    private synchronized void startAfresh(Map<ProcId, Group> full) {
        if (latest == full) {
            BoundCounter.ASKERS_FORGOTTEN.add(
                    before.keySet().stream().filter(proc -> !full.containsKey(proc)).count());
            before = full;
            latest = new ConcurrentHashMap<>();
        }
    }

    /// How many procs it would tell.
    int size() {
        return all().size();
    }

    /// The latest first: should there be no room for news to all, they are heard.
    private synchronized Map<ProcId, Group> all() {
        Map<ProcId, Group> all = new LinkedHashMap<>(latest);
        before.forEach(all::putIfAbsent);
        return all;
    }

    /// Tells them all.
    ///
    /// @param home leads to them
    void tell(ProcId ended, Home home) {
        Address from = Address.of(new ActorId(ended, ProcAgent.NAME, 0));
        for (Group group : all().values()) {
            try {
                group.tell(ended, from, home);
            } catch (Throwable t) { // the others are told all the same
                Counters.abandoned("those who had asked a proc were not told of its end", t);
            }
        }
    }
}
