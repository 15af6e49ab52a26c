package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// One end of a connection that says what a test wants, right or wrong. It blocks: tests that use
/// it have a time limit.
final class RawPeer implements AutoCloseable {
    /// What a server said.
    record Answer(byte kind, int version, long ack, RejectCode code, String text) {
        static Answer of(byte[] frame) {
            ByteBuffer rest = ByteBuffer.allocate(Math.max(9, frame.length)).put(frame).clear();
            return new Answer(
                    frame[0],
                    rest.get(1),
                    rest.getLong(1),
                    RejectCode.of(rest.getShort(1)),
                    Protocol.text(frame, Math.min(3, frame.length), Math.max(0, frame.length - 3)));
        }
    }

    private final SocketChannel socket;

    private RawPeer(SocketChannel socket) {
        this.socket = socket;
    }

    static RawPeer dial(ChannelAddress address) throws IOException {
        Path path = Path.of(((ChannelAddress.Unix) address).path());
        return new RawPeer(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    }

    /// A listening socket for peers of which the test is the server.
    static ServerSocketChannel listen(Path path) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path));
    }

    static RawPeer accept(ServerSocketChannel server) throws IOException {
        return new RawPeer(server.accept());
    }

    RawPeer send(byte... bytes) throws IOException {
        return send(ByteBuffer.wrap(bytes));
    }

    RawPeer send(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
        return this;
    }

    // ---- as a dialler

    RawPeer hello() throws IOException {
        return send(Hello.plain(42, 16 << 20, 16 << 20, 65_536).encode());
    }

    static byte[] data(long sequence, String body) {
        byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Protocol.DATA_HEADER + utf8.length)
                .putInt(Protocol.DATA_OVERHEAD + utf8.length)
                .put(Protocol.DATA)
                .putLong(sequence)
                .put(utf8)
                .array();
    }

    /// The next answer; null at the end.
    Answer answer() throws IOException {
        ByteBuffer length = ByteBuffer.allocate(4);
        if (!fill(length)) {
            return null;
        }
        return Answer.of(read(length.getInt(0)));
    }

    /// Whether something has come that was not read, or the end; a byte of it is lost.
    boolean hears() throws IOException {
        socket.configureBlocking(false);
        try {
            return socket.read(ByteBuffer.allocate(1)) != 0;
        } finally {
            socket.configureBlocking(true);
        }
    }

    /// The next answer that is not an acknowledgement.
    Answer answerAfterAcks() throws IOException {
        Answer answer = answer();
        while (answer != null && answer.kind() == Protocol.ACK) {
            answer = answer();
        }
        return answer;
    }

    // ---- as a server

    /// Reads the hello.
    Hello greeting() throws IOException {
        int rest = read(Hello.PREFIX)[Hello.PREFIX - 1] & 0xff;
        return Hello.decode(read(rest), 0, rest);
    }

    RawPeer accepted() throws IOException {
        Hello _ = greeting();
        ByteBuffer accept = ByteBuffer.allocate(Welcome.BYTES_MAX);
        Welcome.plain(16 << 20).put(accept);
        return send(accept.flip());
    }

    RawPeer ack(long sequence) throws IOException {
        ByteBuffer ack = ByteBuffer.allocate(Protocol.ACK_BYTES);
        Protocol.putAck(ack, sequence);
        return send(ack.flip());
    }

    /// Reads that many bytes.
    byte[] read(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        if (!fill(bytes)) {
            throw new IOException("ended after " + bytes.position() + " of " + count + " bytes");
        }
        return bytes.array();
    }

    private boolean fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (socket.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
