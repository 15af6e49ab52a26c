package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.CloseReason.Rejected;
import io.hyperactor.channel.CloseReason.SessionLost;
import io.hyperactor.channel.RejectCode;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// As what those learn of the end of a link whose messages were on it.
final class LinkEndsTest {
    private static final IOException CAUSE = new IOException("planned");

    private static final Map<CloseReason, Reason> ENDS =
            Map.of(
                    new CloseReason.ClosedHere(),
                    Reason.CHANNEL_CLOSED,
                    new CloseReason.PeerClosed(),
                    Reason.PEER_CLOSED,
                    new CloseReason.PeerGone(CAUSE),
                    Reason.PEER_GONE,
                    new CloseReason.ConnectionLost(CAUSE),
                    Reason.SESSION_LOST,
                    new CloseReason.DialFailed(new ChannelAddress.Local(1), CAUSE),
                    Reason.DIAL_FAILED,
                    new CloseReason.AckTimedOut(Duration.ofSeconds(30)),
                    Reason.ACK_TIMED_OUT,
                    new CloseReason.ProtocolViolation("planned"),
                    Reason.PROTOCOL_VIOLATION);

    @Test
    void eachEndOfALinkHasAReasonOfItsOwn() {
        ENDS.forEach((end, reason) -> assertThat(LinkEnds.reasonOf(end)).isEqualTo(reason));
        assertThat(ENDS.values()).doesNotHaveDuplicates();
        List<Class<?>> tested = new ArrayList<>(List.of(Rejected.class, SessionLost.class));
        ENDS.keySet().forEach(end -> tested.add(end.getClass()));
        assertThat(tested).containsExactlyInAnyOrder(CloseReason.class.getPermittedSubclasses());
    }

    @Test
    void onlyWhoIsGoneForSureHasDied() {
        List<CloseReason> gone =
                List.of(
                        new CloseReason.PeerGone(CAUSE),
                        new SessionLost(RejectCode.OTHER_INCARNATION, "no"));
        gone.forEach(end -> assertThat(LinkEnds.lossOf(end)).isEqualTo(Reason.PROC_DIED));
        for (RejectCode code : RejectCode.values()) {
            assertThat(LinkEnds.lossOf(new Rejected(code, "no"))).isNull();
            if (code != RejectCode.OTHER_INCARNATION) {
                assertThat(LinkEnds.lossOf(new SessionLost(code, "no"))).isNull();
            }
        }
        ENDS.forEach((end, reason) -> {
            if (end instanceof CloseReason.AckTimedOut
                    || end instanceof CloseReason.ConnectionLost) {
                assertThat(LinkEnds.lossOf(end)).isEqualTo(reason);
            } else if (!gone.contains(end)) {
                assertThat(LinkEnds.lossOf(end)).isNull();
            }
        });
    }

    @Test
    void whatAServerRefusesALinkForIsToldApart() {
        Map<Reason, String> codes = new LinkedHashMap<>();
        for (RejectCode code : RejectCode.values()) {
            Reason reason = LinkEnds.reasonOf(new Rejected(code, "no"));
            assertThat(LinkEnds.reasonOf(new SessionLost(code, "no"))).isEqualTo(reason);
            codes.merge(reason, code.name(), (one, other) -> one + " " + other);
        }
        assertThat(codes)
                .containsOnly(
                        Map.entry(Reason.PEER_RESTARTED, "OTHER_INCARNATION"),
                        Map.entry(Reason.SESSION_LOST, "UNKNOWN_SESSION BAD_TICKET"),
                        Map.entry(Reason.UNSUPPORTED_VERSION, "UNSUPPORTED_VERSION"),
                        Map.entry(
                                Reason.PROTOCOL_VIOLATION,
                                "NOT_THIS_PROTOCOL OUT_OF_SEQUENCE FRAME_TOO_LARGE MALFORMED"),
                        Map.entry(Reason.FORBIDDEN, "FORBIDDEN"),
                        Map.entry(Reason.QUEUE_FULL, "NO_ROOM"),
                        Map.entry(
                                Reason.REFUSED,
                                "UNKNOWN RECEIVER_FAILED HELLO_TOO_LATE TOO_MANY_SILENT"
                                        + " TOO_MANY_SESSIONS FRAME_REFUSED"));
    }

    @Test
    void ofOneFrameOnlyWhatTheSenderCanActUponIsToldApart() {
        assertThat(LinkEnds.reasonOf(RejectCode.FRAME_TOO_LARGE)).isEqualTo(Reason.FRAME_TOO_LARGE);
        assertThat(LinkEnds.reasonOf(RejectCode.FORBIDDEN)).isEqualTo(Reason.FORBIDDEN);
        assertThat(LinkEnds.reasonOf(RejectCode.NO_ROOM)).isEqualTo(Reason.QUEUE_FULL);
        assertThat(LinkEnds.reasonOf(RejectCode.FRAME_REFUSED)).isEqualTo(Reason.REFUSED);
    }
}
