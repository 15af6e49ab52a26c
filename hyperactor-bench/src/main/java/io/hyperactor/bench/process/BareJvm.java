package io.hyperactor.bench.process;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// As little as a JVM can be that is reached by a socket: says one byte, then sends every byte back
/// until there is none.
public final class BareJvm {
    private BareJvm() {}

    /// Runs until the socket is closed at the other end.
    ///
    /// @param arguments the socket's path
    public static void main(String[] arguments) throws IOException {
        try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
            ByteBuffer one = ByteBuffer.allocate(1);
            do {
                one.rewind();
                socket.write(one);
                one.rewind();
            } while (socket.read(one) == 1);
        }
        Runtime.getRuntime().halt(0);
    }
}
