package io.hyperactor;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.channel.ChannelException;
import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.RejectCode;

import org.jspecify.annotations.Nullable;

/// What the end of a link, or the refusal of a frame, is to those whose messages were on it.
final class LinkEnds {
    private LinkEnds() {}

    /// Why a message came back.
    static Reason reasonOf(CloseReason end) {
        if (end instanceof CloseReason.DialFailed) {
            return Reason.DIAL_FAILED;
        }
        if (end instanceof CloseReason.AckTimedOut) {
            return Reason.ACK_TIMED_OUT;
        }
        if (end instanceof CloseReason.PeerClosed) {
            return Reason.PEER_CLOSED;
        }
        if (end instanceof CloseReason.PeerGone) {
            return Reason.PEER_GONE;
        }
        if (end instanceof CloseReason.ConnectionLost) {
            return Reason.SESSION_LOST;
        }
        if (end instanceof CloseReason.ProtocolViolation) {
            return Reason.PROTOCOL_VIOLATION;
        }
        if (end instanceof CloseReason.Rejected(RejectCode code, _)) {
            return ofLink(code);
        }
        return end instanceof CloseReason.SessionLost(RejectCode code, _)
                ? ofLink(code)
                : Reason.CHANNEL_CLOSED;
    }

    /// The same of one that was about to be sent.
    static Reason reasonOf(ChannelException e) {
        return e instanceof ChannelException.Closed closed && closed.reason().isPresent()
                ? reasonOf(closed.reason().get())
                : Reason.CHANNEL_CLOSED;
    }

    private static Reason ofLink(RejectCode code) {
        return switch (code) {
            case OTHER_INCARNATION -> Reason.PEER_RESTARTED;
            case UNKNOWN_SESSION, BAD_TICKET -> Reason.SESSION_LOST;
            case UNSUPPORTED_VERSION -> Reason.UNSUPPORTED_VERSION;
            case NOT_THIS_PROTOCOL, OUT_OF_SEQUENCE, FRAME_TOO_LARGE, MALFORMED ->
                    Reason.PROTOCOL_VIOLATION;
            default -> reasonOf(code);
        };
    }

    /// The same of one frame that was refused.
    static Reason reasonOf(RejectCode code) {
        return switch (code) {
            case FRAME_TOO_LARGE -> Reason.FRAME_TOO_LARGE;
            case FORBIDDEN -> Reason.FORBIDDEN;
            case NO_ROOM -> Reason.QUEUE_FULL;
            default -> Reason.REFUSED;
        };
    }

    /// Why no answer comes any more from whoever was there; null if one may.
    static @Nullable Reason lossOf(CloseReason end) {
        if (end instanceof CloseReason.AckTimedOut) {
            return Reason.ACK_TIMED_OUT;
        }
        if (end instanceof CloseReason.ConnectionLost) {
            return Reason.SESSION_LOST;
        }
        boolean isGone =
                end instanceof CloseReason.PeerGone
                        || (end instanceof CloseReason.SessionLost(RejectCode code, _)
                                && code == RejectCode.OTHER_INCARNATION);
        return isGone ? Reason.PROC_DIED : null;
    }
}
