package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;

/// To a socket file, of which the kernel says whose it is.
///
/// @param peer the file
record UnixRoute(UnixDomainSocketAddress peer) implements Route {
    @Override
    public boolean mustAsk() {
        return false;
    }

    @Override
    public SocketAddress next() {
        return peer;
    }

    @Override
    public Connection connection(SocketChannel socket, EventLoop loop, EventLoop.Handler handler)
            throws IOException {
        Sockets.checkOwner(socket);
        return new PlainConnection(socket);
    }

    @Override
    public boolean nobodyListens(@Nullable SocketAddress tried, IOException cause) {
        return cause instanceof ConnectException || Files.notExists(peer.getPath());
    }
}
