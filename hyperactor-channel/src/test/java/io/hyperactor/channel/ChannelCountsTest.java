package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class ChannelCountsTest {
    private static final ChannelAddress ADDRESS = new ChannelAddress.Local(1);
    private static final IOException CAUSE = new IOException("planned");
    private static final Duration TIME = Duration.ofSeconds(1);
    private static final List<ChannelEvent> EVENTS =
            List.of(
                    new ChannelEvent.LinkRejected(ADDRESS, RejectCode.FORBIDDEN, "no"),
                    new ChannelEvent.FrameRefused(ADDRESS, RejectCode.NO_ROOM, "no"),
                    new ChannelEvent.ForeignPeer(ADDRESS, "root"),
                    new ChannelEvent.HandshakeFailed(ADDRESS, "peer", CAUSE),
                    new ChannelEvent.IdentityNotReloaded(ADDRESS, CAUSE),
                    new ChannelEvent.IdentityReloaded(ADDRESS),
                    new ChannelEvent.PeerDistrusted(ADDRESS, Set.of(), CAUSE),
                    new ChannelEvent.CutInFrame(ADDRESS),
                    new ChannelEvent.AcceptFailed(ADDRESS, CAUSE, TIME),
                    new ChannelEvent.DialRetried(ADDRESS, CAUSE, TIME),
                    new ChannelEvent.PeerSuspected(ADDRESS, TIME),
                    new ChannelEvent.PeerRecovered(ADDRESS),
                    new ChannelEvent.ConnectionBroke(ADDRESS, CAUSE),
                    new ChannelEvent.LinkLost(ADDRESS, new CloseReason.AckTimedOut(TIME), 1),
                    new ChannelEvent.ReceiverFailed(ADDRESS, CAUSE),
                    new ChannelEvent.ListenerFailed(ADDRESS, CAUSE),
                    new ChannelEvent.Fault(ADDRESS, CAUSE));

    private final ChannelCounts counts = new ChannelCounts();

    private long sum() {
        long sum = 0;
        for (ChannelCounter what : ChannelCounter.values()) {
            sum += counts.of(what);
        }
        for (RejectCode why : RejectCode.values()) {
            sum += counts.rejected(why) + counts.refused(why);
        }
        return sum;
    }

    @Test
    void eachEventIsCountedOnce() {
        Set<Class<?>> kinds = new HashSet<>();
        for (ChannelEvent event : EVENTS) {
            kinds.add(event.getClass());
            long before = sum();
            counts.count(event);
            long wanted = event instanceof ChannelEvent.IdentityReloaded ? 0 : 1;
            assertThat(sum() - before).as("%s", event).isEqualTo(wanted);
        }
        assertThat(kinds)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.asList(ChannelEvent.class.getPermittedSubclasses()));
        assertThat(counts.rejected(RejectCode.FORBIDDEN)).isEqualTo(1);
        assertThat(counts.refused(RejectCode.NO_ROOM)).isEqualTo(1);
        assertThat(counts.of(ChannelCounter.FAULTS)).isEqualTo(3);
    }
}
