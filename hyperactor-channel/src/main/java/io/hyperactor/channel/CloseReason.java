package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.time.Duration;

/// Why a link ended.
public sealed interface CloseReason {
    /// This side closed it.
    record ClosedHere() implements CloseReason {
        /// As a record's own, which every process that ends would link anew.
        @Override
        public String toString() {
            return "ClosedHere[]";
        }
    }

    /// The server was closed and said so. What it had not acknowledged it did not take.
    record PeerClosed() implements CloseReason {}

    /// The connection broke, and the peer is one that does not go on with another one.
    record ConnectionLost(Throwable cause) implements CloseReason {}

    /// The connection broke, and nobody listens at the address any more: whoever knew this link is
    /// gone.
    record PeerGone(Throwable cause) implements CloseReason {}

    /// The server refused the link. What it had not acknowledged it did not take, save the first
    /// such frame after [RejectCode#RECEIVER_FAILED].
    record Rejected(RejectCode code, String text) implements CloseReason {}

    /// The peer does not resume the session: it is another process, has forgotten it, or does not
    /// let this side in any more. What was written and not acknowledged has an unknown fate.
    record SessionLost(RejectCode code, String text) implements CloseReason {}

    /// No connection came about within [ChannelConfig#dialWindow()]. `cause` is the last attempt's
    /// failure.
    record DialFailed(ChannelAddress address, Throwable cause) implements CloseReason {}

    /// Connected, with frames outstanding, but no progress for `limit`: see
    /// [ChannelConfig#ackTimeout()].
    record AckTimedOut(Duration limit) implements CloseReason {}

    /// The peer said what the protocol does not allow.
    record ProtocolViolation(String text) implements CloseReason {}
}
