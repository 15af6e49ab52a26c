package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.util.Set;

/// The receiving end of one link, as its [FrameReceiver] sees it.
public interface Inbound {
    /// Says that there is room again after [FrameReceiver#received] returned false. Any thread;
    /// never blocks and never calls the receiver itself. Without a pause it does nothing.
    void resume();

    /// The names that the sender has proved to have: those of its certificate over TLS, hosts and
    /// numeric addresses. Empty elsewhere.
    default Set<String> peerNames() {
        return Set.of();
    }

    /// Whether the sender has proved to be at `host`: that is one of the [#peerNames()], or one of
    /// them is a wildcard for it.
    ///
    /// @param host a host name or numeric address
    default boolean hasName(String host) {
        return PeerNames.cover(peerNames(), host);
    }

    /// Who the sender is, as the server's [Admission] has decided.
    Peer peer();

    /// The address that was served.
    ChannelAddress localAddress();

    /// The sender's session: one object, which is itself and nothing else, over all connections
    /// that it goes on with. As a text it is a random number, which proves nothing.
    Object session();

    /// The life of the sender's process, as it says: a random number, which proves nothing. It says
    /// the same to whoever dials it, see [Tx#incarnation()].
    long incarnation();
}
