package io.hyperactor.bench.channel;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// [Stream] with `java.nio` alone: the sending thread copies each message with its length into a
/// large direct buffer, which it writes when it is full; the receiver looks at messages where they
/// are. No acknowledgement but one byte for the whole round. The least that any Java program does.
public final class NioStream implements Workload {
    static final int BUFFER_BYTES = 256 << 10;

    private final int size;
    private final byte[] payload;
    private final Peer peer;
    private final SocketChannel socket;
    private final ByteBuffer buffer;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(1);
    private long number;

    private NioStream(int size) throws IOException {
        this.size = size;
        payload = new byte[size - Long.BYTES];
        buffer = ByteBuffer.allocateDirect(bufferBytes(size));
        peer = Peer.start(NioStreamPeer.class, Integer.toString(size));
        socket = SocketChannel.open(UnixDomainSocketAddress.of(peer.address()));
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message
    public static void main(String[] arguments) {
        Worker.run(() -> new NioStream(Integer.parseInt(arguments[0])));
    }

    /// Room for one message at least.
    static int bufferBytes(int size) {
        return Math.max(BUFFER_BYTES, size + Integer.BYTES);
    }

    @Override
    public Round round(int operations) throws Exception {
        long start = System.nanoTime();
        buffer.putInt(NioStreamPeer.COUNT).putInt(operations);
        for (int i = 0; i < operations; i++) {
            if (buffer.remaining() < Integer.BYTES + size) {
                write();
            }
            buffer.putInt(size).putLong(number++).put(payload);
        }
        write();
        answer.clear();
        if (socket.read(answer) != 1) {
            throw new IOException("peer ended");
        }
        return Round.stream(operations, size, System.nanoTime() - start);
    }

    private void write() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        peer.close();
    }
}
