package io.hyperactor.channel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// What the kernel knows of the TCP sockets of this machine. Safe for use by any thread.
interface TcpSockets {
    /// Whose a socket is.
    ///
    /// @param inode 0 while nobody has accepted it
    record Owner(long uid, long inode) {}

    /// The established connection of the socket at `end` with that at `peer`.
    ///
    /// @throws IOException if the kernel does not say
    Optional<Owner> connected(InetSocketAddress end, InetSocketAddress peer) throws IOException;

    /// Who may be the one that gets connections to `address`.
    ///
    /// @throws IOException if the kernel does not say
    List<Owner> listening(InetSocketAddress address) throws IOException;
}
