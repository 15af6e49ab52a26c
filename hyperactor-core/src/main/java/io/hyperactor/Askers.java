package io.hyperactor;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Who has sent requests to one proc through this router, an asker for each proc there are any in:
/// they are told when that proc ends, for then no answer comes.
///
/// **Threads:** any.
final class Askers {
    private static final int PROCS_MAX = 4096;

    private final Map<ProcId, Address> askers = new ConcurrentHashMap<>();
    private volatile @Nullable Address last;

    @SuppressWarnings("ReferenceEquality") // quick, and a miss costs only the long way
    void passed(Envelope envelope) {
        Address sender = envelope.senderAddress();
        if (envelope.replyPort() != 0 && sender != last) {
            last = sender;
            if (askers.size() < PROCS_MAX) {
                askers.put(sender.id().proc(), sender);
            }
        }
    }

    /// Tells them all.
    ///
    /// @param home leads to them
    void tell(ProcId ended, MailboxSender home) {
        Address from = Address.of(new ActorId(ended, ProcAgent.NAME, 0));
        askers.values()
                .forEach(asker -> {
                    ObjectEnvelope news =
                            ObjectEnvelope.news(
                                    from,
                                    asker,
                                    ProcDied.PORT,
                                    0,
                                    new ProcDied(ended),
                                    ProcDied.TYPE);
                    ReturnQueue.shared().send(news, ProcDied.SIZE_BYTES, home);
                });
    }
}
