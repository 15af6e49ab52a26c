package io.hyperactor.channel;

import jdk.net.ExtendedSocketOptions;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;

/// Sockets as this module wants them: not blocking, and from the same user only.
final class Sockets {
    /// The kernel gives less if it has been told to. The usual 200 KiB are full before the peer has
    /// been scheduled, and sender and receiver then wait for each other in turns.
    private static final int SEND_BUFFER_BYTES = 1 << 20;

    private Sockets() {}

    /// A new socket that can be connected to `peer`.
    static SocketChannel open(SelectorProvider sockets, SocketAddress peer) throws IOException {
        boolean unix = peer instanceof UnixDomainSocketAddress;
        SocketChannel opened =
                unix
                        ? sockets.openSocketChannel(StandardProtocolFamily.UNIX)
                        : sockets.openSocketChannel();
        try {
            opened.configureBlocking(false);
            if (unix) {
                opened.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
            } else {
                sendAtOnce(opened);
            }
            return opened;
        } catch (IOException e) {
            closeQuietly(opened);
            throw e;
        }
    }

    /// A message does not wait for the acknowledgement of the one before it.
    static void sendAtOnce(SocketChannel opened) throws IOException {
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /// The name of the user at the other end if that is not the user of this process.
    static Optional<String> foreignOwner(SocketChannel connected) throws IOException {
        String peer = connected.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        return peer.equals(OwnUser.NAME) ? Optional.empty() : Optional.of(peer);
    }

    /// Fails if another user is at the other end.
    static void checkOwner(SocketChannel connected) throws IOException {
        Optional<String> foreign = foreignOwner(connected);
        if (foreign.isPresent()) {
            throw new IOException("Served by user " + foreign.get() + ", not by " + OwnUser.NAME);
        }
    }

    static void closeQuietly(@Nullable Closeable socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // Nothing more can be done with it, and nothing is lost: what matters was said
                // before.
            }
        }
    }
}
