package io.hyperactor.channel;

import static java.util.Map.entry;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// What one [Channels] has counted. **Threads:** any.
final class ChannelCounts {
    /// Those that are not counted by their reason.
    private static final Map<Class<?>, ChannelCounter> EVENTS =
            Map.ofEntries(
                    entry(ChannelEvent.ForeignPeer.class, ChannelCounter.FOREIGN_PEERS),
                    entry(ChannelEvent.HandshakeFailed.class, ChannelCounter.HANDSHAKES_FAILED),
                    entry(ChannelEvent.AcceptFailed.class, ChannelCounter.ACCEPTS_FAILED),
                    entry(ChannelEvent.CutInFrame.class, ChannelCounter.CUTS_IN_FRAME),
                    entry(ChannelEvent.DialRetried.class, ChannelCounter.DIALS_RETRIED),
                    entry(ChannelEvent.PeerSuspected.class, ChannelCounter.PEERS_SUSPECTED),
                    entry(ChannelEvent.PeerRecovered.class, ChannelCounter.PEERS_RECOVERED),
                    entry(ChannelEvent.ConnectionBroke.class, ChannelCounter.CONNECTIONS_BROKEN),
                    entry(ChannelEvent.LinkLost.class, ChannelCounter.LINKS_LOST),
                    entry(ChannelEvent.PeerDistrusted.class, ChannelCounter.PEERS_DISTRUSTED),
                    entry(
                            ChannelEvent.IdentityNotReloaded.class,
                            ChannelCounter.IDENTITIES_NOT_RELOADED),
                    entry(ChannelEvent.ReceiverFailed.class, ChannelCounter.FAULTS),
                    entry(ChannelEvent.ListenerFailed.class, ChannelCounter.FAULTS),
                    entry(ChannelEvent.Fault.class, ChannelCounter.FAULTS));

    private final Map<ChannelCounter, LongAdder> counters =
            adders(ChannelCounter.class, ChannelCounter.values());
    private final Map<RejectCode, LongAdder> rejected =
            adders(RejectCode.class, RejectCode.values());
    private final Map<RejectCode, LongAdder> refused =
            adders(RejectCode.class, RejectCode.values());
    private final LongAdder sessions = new LongAdder();

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> kind, E[] all) {
        Map<E, LongAdder> adders = new EnumMap<>(kind);
        for (E one : all) {
            adders.put(one, new LongAdder());
        }
        return adders;
    }

    private static <E> LongAdder of(Map<E, LongAdder> adders, E which) {
        return Objects.requireNonNull(adders.get(which));
    }

    void count(ChannelEvent event) {
        if (event instanceof ChannelEvent.LinkRejected link) {
            of(rejected, link.code()).increment();
        } else if (event instanceof ChannelEvent.FrameRefused frame) {
            of(refused, frame.code()).increment();
        } else {
            ChannelCounter what = EVENTS.get(event.getClass());
            if (what != null) {
                count(what);
            }
        }
    }

    void count(ChannelCounter what) {
        of(counters, what).increment();
    }

    void sessionBegan() {
        sessions.increment();
    }

    void sessionEnded() {
        sessions.decrement();
    }

    long of(ChannelCounter what) {
        return of(counters, what).sum();
    }

    long rejected(RejectCode why) {
        return of(rejected, why).sum();
    }

    long refused(RejectCode why) {
        return of(refused, why).sum();
    }

    long sessions() {
        return sessions.sum();
    }
}
