package io.hyperactor.host;

import io.hyperactor.Protocols;
import io.hyperactor.wire.WireReader;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;

/// What a proc soon needs and would have to wait for, begun beside the rest of its start: the JDK's
/// first Unix socket, which looks for a provider of random numbers, and the codec of the first
/// question that a host may ask, which is generated.
final class EarlyStart {
    private EarlyStart() {}

    /// Returns at once.
    static void begin() {
        Thread.ofPlatform().daemon().name("hyperactor-start").start(EarlyStart::run);
    }

    private static void run() {
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
            var _ = Protocols.of(EchoMessage.class).read(new WireReader(new byte[0]));
        } catch (IOException | RuntimeException e) {
            // There is no message: what reads one was generated all the same. And if a socket is
            // impossible, whoever needs one will say so.
        }
    }
}
