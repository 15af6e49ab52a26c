package io.hyperactor;

import io.hyperactor.channel.FrameRefused;
import io.hyperactor.channel.Inbound;
import io.hyperactor.channel.Peer;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

/// Judges whom those who connect to a server may name as the sender of what they send.
///
/// **Threads:** that of the links, the event loop's. Those within this process may say anything,
/// and come on any.
final class SenderGate {
    // What was found right last: messages come in runs.
    private @Nullable Inbound link;
    private @Nullable Address sender;
    private @Nullable Address destination;

    /// Lets an envelope pass that came by `from`.
    ///
    /// Where names are proved nothing is passed on to another host, which would take it from whom
    /// it comes from and not for whom it names.
    ///
    /// @param own the address that is served
    /// @throws FrameRefused if it names a sender that it may not, or is for elsewhere
    @SuppressWarnings("ReferenceEquality") // quick, and a miss costs only the long way
    void check(Inbound from, Envelope envelope, ChannelAddress own) {
        Peer peer = from.peer();
        if (peer instanceof Peer.Trusted) {
            return;
        }
        Address named = envelope.senderAddress();
        Address to = envelope.destinationAddress();
        boolean proved = !from.peerNames().isEmpty();
        if (named == sender && from == link && (to == destination || !proved)) {
            return;
        }
        if (!mayName(from, peer, named.id().proc(), own)) {
            Counters.forbidden(envelope, peer);
            throw FrameRefused.forbidden("not to be sent as " + named.id());
        }
        if (proved && !to.id().proc().address().equals(own)) {
            Counters.forbidden(envelope, peer);
            throw FrameRefused.forbidden("not passed on: " + to.id() + " is not at " + own);
        }
        link = from;
        sender = named;
        destination = to;
    }

    private static boolean mayName(Inbound from, Peer peer, ProcId named, ChannelAddress own) {
        if (peer instanceof Peer.Member(ProcId proc)) {
            return named.equals(proc);
        }
        return !named.address().equals(own) && provesHost(from, named.address());
    }

    /// Where names are proved, whoever is named must be at one of them.
    private static boolean provesHost(Inbound from, ChannelAddress named) {
        if (from.peerNames().isEmpty()) {
            return true;
        }
        return named.dialAddress() instanceof ChannelAddress.Network at && from.hasName(at.host());
    }
}
