package io.hyperactor.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which users have the other ends of TCP connections within this machine, as the kernel tells.
final class SocketOwners {
    private final TcpSockets sockets;
    private final long own;

    /// @param own the user that others must be
    SocketOwners(TcpSockets sockets, long own) {
        this.sockets = sockets;
        this.own = own;
    }

    /// What the system says, about the user of this process.
    ///
    /// @throws IOException where it says nothing
    static SocketOwners ofThisSystem() throws IOException {
        try {
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return new SocketOwners(sockets(), ((Number) uid).longValue());
        } catch (UnsupportedOperationException e) {
            throw new IOException("no users of sockets on this system", e);
        }
    }

    /// Asks for one socket at a time if this program may call the C library, and this kernel knows
    /// a socket that is there: one without that service says of all that they are not.
    static TcpSockets sockets() throws IOException {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var there = (InetSocketAddress) probe.getLocalAddress();
            if (SocketOwners.class.getModule().isNativeAccessEnabled()) {
                TcpSockets diag = new SocketDiag();
                if (knows(diag, there)) {
                    return diag;
                }
            }
            TcpSockets tables = new SocketTables(Path.of("/proc/net"));
            List<TcpSockets.Owner> _ = tables.listening(there);
            return tables;
        }
    }

    private static boolean knows(TcpSockets diag, InetSocketAddress there) {
        try {
            return !diag.listening(there).isEmpty();
        } catch (IOException | RuntimeException | LinkageError _) {
            return false; // a sandbox that forbids it, or a system without the C library's
            // functions
        }
    }

    /// Fails unless the one who dialled us is of our user.
    ///
    /// @param local our end
    /// @param remote the other
    void checkDialler(InetSocketAddress local, InetSocketAddress remote) throws IOException {
        allOurs(sockets.connected(remote, local).stream().toList(), remote);
    }

    /// Fails unless the one whom we dialled is of our user. A connection that is not yet accepted
    /// is nobody's: then it is who listens.
    ///
    /// @param local our end
    /// @param remote the other
    void checkServer(InetSocketAddress local, InetSocketAddress remote) throws IOException {
        // First: who listens now may be another one than he who has accepted it meanwhile.
        List<TcpSockets.Owner> listening = sockets.listening(remote);
        Optional<TcpSockets.Owner> accepted =
                sockets.connected(remote, local).filter(owner -> owner.inode() != 0);
        allOurs(accepted.isPresent() ? List.of(accepted.get()) : listening, remote);
    }

    private void allOurs(List<TcpSockets.Owner> owners, InetSocketAddress peer) throws IOException {
        if (owners.isEmpty()) {
            throw new ForeignPeerException(peer, "unknown");
        }
        for (TcpSockets.Owner owner : owners) {
            if (owner.uid() != own) {
                throw new ForeignPeerException(peer, Long.toString(owner.uid()));
            }
        }
    }
}
