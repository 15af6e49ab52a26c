package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

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

    /// Has two engines shake hands, without sockets.
    static void shake(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer there = ByteBuffer.allocate(1 << 16);
        ByteBuffer back = ByteBuffer.allocate(1 << 16);
        client.beginHandshake();
        server.beginHandshake();
        while (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
                || server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            step(client, back, there);
            step(server, there, back);
        }
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer nothing = ByteBuffer.allocate(1 << 15);
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                engine.unwrap(in.flip(), nothing);
                in.compact();
            }
            case FINISHED, NOT_HANDSHAKING -> {}
        }
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
