package io.hyperactor;

import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.RejectCode;

import org.jspecify.annotations.Nullable;

/// What the end of a link, or the refusal of a frame, is to those whose messages were on it.
final class LinkEnds {
    private LinkEnds() {}

    /// Why a message came back.
    static DeliveryFailure.Reason reasonOf(CloseReason end) {
        if (end instanceof CloseReason.DialFailed) {
            return DeliveryFailure.Reason.DIAL_FAILED;
        }
        if (end instanceof CloseReason.AckTimedOut) {
            return DeliveryFailure.Reason.ACK_TIMED_OUT;
        }
        return end instanceof CloseReason.Rejected(RejectCode code, _)
                        && (code == RejectCode.FORBIDDEN || code == RejectCode.NO_ROOM)
                ? reasonOf(code)
                : DeliveryFailure.Reason.CHANNEL_CLOSED;
    }

    /// The same of one frame that was refused.
    static DeliveryFailure.Reason reasonOf(RejectCode code) {
        return switch (code) {
            case FRAME_TOO_LARGE -> DeliveryFailure.Reason.FRAME_TOO_LARGE;
            case FORBIDDEN -> DeliveryFailure.Reason.FORBIDDEN;
            case NO_ROOM -> DeliveryFailure.Reason.QUEUE_FULL;
            default -> DeliveryFailure.Reason.REFUSED;
        };
    }

    /// Why no answer comes any more from whoever was there; null if one may.
    static DeliveryFailure.@Nullable Reason lossOf(CloseReason end) {
        if (end instanceof CloseReason.AckTimedOut) {
            return DeliveryFailure.Reason.ACK_TIMED_OUT;
        }
        boolean isGone =
                end instanceof CloseReason.ConnectionLost
                        || (end instanceof CloseReason.SessionLost(RejectCode code, _)
                                && code == RejectCode.OTHER_INCARNATION);
        return isGone ? DeliveryFailure.Reason.PROC_DIED : null;
    }
}
