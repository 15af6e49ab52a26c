package io.hyperactor.channel;

/// What [Channels#count] tells, since a [Channels] was made. What a server refuses has its reason,
/// and is counted by [Channels#rejectedLinks] and [Channels#refusedFrames].
public enum ChannelCounter {
    /// Connections of other users of this machine, dropped unheard: [ChannelEvent.ForeignPeer].
    FOREIGN_PEERS,
    /// Connections on which TLS came to nothing: [ChannelEvent.HandshakeFailed].
    HANDSHAKES_FAILED,
    /// Connections that could not be accepted just then: [ChannelEvent.AcceptFailed].
    ACCEPTS_FAILED,
    /// Connections to a server that ended within a frame: [ChannelEvent.CutInFrame].
    CUTS_IN_FRAME,
    /// Connections to a server, silent for longer than [SessionConfig#suspicion()], that it left.
    SILENT_DIALLERS,
    /// Sessions that a server forgot after [SessionConfig#keep()] without a connection.
    SESSIONS_EXPIRED,
    /// Attempts to connect that failed, and were to be repeated: [ChannelEvent.DialRetried].
    DIALS_RETRIED,
    /// Servers that fell silent: [ChannelEvent.PeerSuspected].
    PEERS_SUSPECTED,
    /// Those that were heard again: [ChannelEvent.PeerRecovered].
    PEERS_RECOVERED,
    /// Connections that broke under a link: [ChannelEvent.ConnectionBroke].
    CONNECTIONS_BROKEN,
    /// Links that ended for good, closed by neither side: [ChannelEvent.LinkLost].
    LINKS_LOST,
    /// Links that went on with another connection.
    SESSIONS_RESUMED,
    /// Connections that were ended for new certificate files: [ChannelEvent.PeerDistrusted].
    PEERS_DISTRUSTED,
    /// New certificate files that could not be used: [ChannelEvent.IdentityNotReloaded].
    IDENTITIES_NOT_RELOADED,
    /// Receivers and listeners that threw, and faults of this module:
    /// [ChannelEvent.ReceiverFailed], [ChannelEvent.ListenerFailed], [ChannelEvent.Fault].
    FAULTS
}
