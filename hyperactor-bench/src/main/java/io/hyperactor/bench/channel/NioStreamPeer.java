package io.hyperactor.bench.channel;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.SocketFile;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Takes messages in a large direct buffer, where they are, and none that is not the next one.
public final class NioStreamPeer {
    /// In place of a length: what follows is how many messages are to be answered with one byte.
    static final int COUNT = -1;

    private final SocketChannel socket;
    private final ByteBuffer buffer;
    private final Order order = new Order();
    private long answerAt = -1;

    private NioStreamPeer(SocketChannel socket, int size) {
        this.socket = socket;
        this.buffer = ByteBuffer.allocateDirect(NioStream.bufferBytes(size));
    }

    /// Runs until the input ends.
    ///
    /// @param arguments bytes in a message
    public static void main(String[] arguments) throws IOException {
        int size = Integer.parseInt(arguments[0]);
        try (var file = new SocketFile();
                var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file.path()));
            Thread.ofPlatform().daemon().start(() -> accept(server, size));
            Peer.serve(file.path().toString());
        }
        Runtime.getRuntime().halt(0);
    }

    private static void accept(ServerSocketChannel server, int size) {
        try (SocketChannel socket = server.accept()) {
            new NioStreamPeer(socket, size).take();
        } catch (EOFException e) {
            // the other side is done
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take() throws IOException {
        while (true) {
            if (socket.read(buffer) < 0) {
                throw new EOFException();
            }
            buffer.flip();
            while (takeOne()) {
                // the next one
            }
            keepRest();
        }
    }

    /// A message that begins where the buffer does stays where it is, however often it is read on.
    private void keepRest() {
        if (buffer.position() == 0) {
            buffer.position(buffer.limit()).limit(buffer.capacity());
        } else {
            buffer.compact();
        }
    }

    /// False when the buffer does not hold a whole message.
    private boolean takeOne() throws IOException {
        if (buffer.remaining() < 2 * Integer.BYTES) {
            return false;
        }
        int start = buffer.position();
        int length = buffer.getInt();
        if (length == COUNT) {
            answerAt = order.count() + buffer.getInt();
            return true;
        }
        if (buffer.remaining() < length) {
            buffer.position(start);
            return false;
        }
        order.next(buffer.getLong());
        buffer.position(start + Integer.BYTES + length);
        if (order.count() == answerAt) {
            socket.write(ByteBuffer.wrap(new byte[1]));
        }
        return true;
    }
}
