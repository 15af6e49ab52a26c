package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Connected sockets with an event loop for both ends.
final class TlsPair implements AutoCloseable {
    static final ChannelAddress ADDRESS = ChannelAddress.parse("tls:localhost:1");

    private static final int TINY = 4096;

    final ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();
    final EventLoop loop =
            new EventLoop(
                    SelectorProvider.provider(),
                    Thread::new,
                    System::nanoTime,
                    faults::add,
                    () -> true);
    final SocketChannel client;
    final SocketChannel server;

    TlsPair() throws IOException {
        loop.start();
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, TINY);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client = SocketChannel.open();
            client.setOption(StandardSocketOptions.SO_SNDBUF, TINY);
            client.setOption(StandardSocketOptions.SO_RCVBUF, TINY);
            client.connect(listener.getLocalAddress());
            server = listener.accept();
            server.setOption(StandardSocketOptions.SO_SNDBUF, TINY);
        }
        client.configureBlocking(false);
        server.configureBlocking(false);
    }

    static TlsConnection.Engines serving(TlsIdentity identity) {
        return () -> keeper(identity).current(ADDRESS).server();
    }

    static TlsConnection.Engines dialling(TlsIdentity identity, String host) {
        return () -> keeper(identity).current(ADDRESS).client(host, 1);
    }

    static TlsKeeper keeper(TlsIdentity identity) {
        return new TlsKeeper(identity, System::nanoTime, event -> {});
    }

    TestEnd serve(TlsConnection.Engines engines) {
        return TestEnd.tls(loop, server, engines).start();
    }

    TestEnd dial(TlsConnection.Engines engines) {
        return TestEnd.tls(loop, client, engines).start();
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        loop.stop();
    }
}
