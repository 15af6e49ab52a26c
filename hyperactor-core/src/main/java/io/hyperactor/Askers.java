package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Who has sent requests to one proc through this router, an asker for each proc there are any in:
/// they are told when that proc ends, for then no answer comes. Those who asked last are known, a
/// few hundred, as whoever is told may have to be dialled: others learn by their time limit.
///
/// **Threads:** any.
final class Askers {
    /// So many are known at least, if there were so many, and twice as many at most.
    private static final int LATEST = 256;

    private volatile Map<ProcId, Address> latest = new ConcurrentHashMap<>();
    private volatile Map<ProcId, Address> before = Map.of();
    private volatile @Nullable Address last;

    @SuppressWarnings("ReferenceEquality") // quick, and a miss costs only the long way
    void passed(Envelope envelope) {
        Address sender = envelope.senderAddress();
        if (envelope.replyPort() != 0 && sender != last) {
            last = sender;
            Map<ProcId, Address> known = latest;
            known.put(sender.id().proc(), sender);
            if (known.size() >= LATEST) {
                startAfresh(known);
            }
        }
    }

    /// Forgets those who have asked nothing since the latest were begun.
    @SuppressWarnings("ReferenceEquality") // somebody else may have done it
    private synchronized void startAfresh(Map<ProcId, Address> full) {
        if (latest == full) {
            before = full;
            latest = new ConcurrentHashMap<>();
        }
    }

    /// The latest first: should there be no room for news to all, they are heard.
    private synchronized Map<ProcId, Address> all() {
        Map<ProcId, Address> all = new LinkedHashMap<>(latest);
        before.forEach(all::putIfAbsent);
        return all;
    }

    /// Tells them all.
    ///
    /// @param home leads to them
    void tell(ProcId ended, Home home) {
        Address from = Address.of(new ActorId(ended, ProcAgent.NAME, 0));
        all().values()
                .forEach(asker -> {
                    ObjectEnvelope news =
                            ObjectEnvelope.news(
                                    from,
                                    asker,
                                    ProcDied.PORT,
                                    0,
                                    new ProcDied(ended),
                                    ProcDied.TYPE);
                    home.send(news, ProcDied.SIZE_BYTES);
                });
    }
}
