package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.time.Duration;
import java.util.Set;

/// Something that an operator may want to read about; [Channels] counts each. Senders learn of
/// their own links by [TxListener].
public sealed interface ChannelEvent {
    /// The address it happened at.
    ChannelAddress address();

    /// A server refused a link.
    record LinkRejected(ChannelAddress address, RejectCode code, String text)
            implements ChannelEvent {}

    /// A server refused one frame, and its link lives on.
    record FrameRefused(ChannelAddress address, RejectCode code, String text)
            implements ChannelEvent {}

    /// Another user of this machine connected and was dropped unheard.
    record ForeignPeer(ChannelAddress address, String user) implements ChannelEvent {}

    /// Somebody connected to a server and did not prove who he is, or did not believe us.
    record HandshakeFailed(ChannelAddress address, String peer, Throwable cause)
            implements ChannelEvent {}

    /// The files of the [TlsIdentity] have changed, and the new ones cannot be used: those read
    /// before stay in use.
    record IdentityNotReloaded(ChannelAddress address, Throwable cause) implements ChannelEvent {}

    /// The files of the [TlsIdentity] have changed and are in use for new connections.
    record IdentityReloaded(ChannelAddress address) implements ChannelEvent {}

    /// The files of the [TlsIdentity] have changed, and a peer of these names is not believed any
    /// more: its connection was ended. If it comes with another certificate its session goes on.
    record PeerDistrusted(ChannelAddress address, Set<String> names, Throwable cause)
            implements ChannelEvent {
        public PeerDistrusted {
            names = Set.copyOf(names);
        }
    }

    /// A sender's connection ended in the middle of a frame.
    record CutInFrame(ChannelAddress address) implements ChannelEvent {}

    /// A connection could not be accepted; the next attempt is made after `pause`.
    record AcceptFailed(ChannelAddress address, Throwable cause, Duration pause)
            implements ChannelEvent {}

    /// An attempt to connect failed; the next is made after `pause`.
    record DialRetried(ChannelAddress address, Throwable cause, Duration pause)
            implements ChannelEvent {}

    /// The server of a link has been silent for that long: it is stopped, or busy, or the network
    /// is down. Another connection is tried; nothing has been given up.
    record PeerSuspected(ChannelAddress address, Duration silence) implements ChannelEvent {}

    /// A suspected server is heard again.
    record PeerRecovered(ChannelAddress address) implements ChannelEvent {}

    /// A connection broke, and its session goes on with another one.
    record ConnectionBroke(ChannelAddress address, Throwable cause) implements ChannelEvent {}

    /// A link of this side has ended for good, and not because one of the two sides closed it.
    ///
    /// @param unacknowledged how many frames come back
    record LinkLost(ChannelAddress address, CloseReason reason, long unacknowledged)
            implements ChannelEvent {}

    /// A [FrameReceiver] threw; its link has ended, with a reject if it was a frame that it threw
    /// at.
    record ReceiverFailed(ChannelAddress address, Throwable cause) implements ChannelEvent {}

    /// A [TxListener] threw; nothing else follows from it.
    record ListenerFailed(ChannelAddress address, Throwable cause) implements ChannelEvent {}

    /// A fault of this module itself; the link it happened on has ended.
    record Fault(ChannelAddress address, Throwable cause) implements ChannelEvent {}
}
