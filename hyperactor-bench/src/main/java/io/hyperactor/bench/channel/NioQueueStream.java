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

/// [Stream] with `java.nio` in the shape that a program has whose senders are many: a bounded queue
/// that they write their messages into, one thread that writes what is queued in one go, and a
/// receiver that looks at messages where they are. No acknowledgement but one byte for the whole
/// round.
public final class NioQueueStream implements Workload {
    private final int size;
    private final byte[] payload;
    private final Peer peer;
    private final SocketChannel socket;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(1);
    private final ByteQueue queue;
    private long number;

    private NioQueueStream(int size) throws IOException {
        this.size = size;
        payload = new byte[size - Long.BYTES];
        queue = new ByteQueue(Integer.BYTES + size);
        peer = Peer.start(NioStreamPeer.class, Integer.toString(size));
        socket = SocketChannel.open(UnixDomainSocketAddress.of(peer.address()));
        Thread.ofPlatform().daemon().start(this::writeAll);
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a message
    public static void main(String[] arguments) {
        Worker.run(() -> new NioQueueStream(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        long start = System.nanoTime();
        queue.begin(2 * Integer.BYTES).putInt(NioStreamPeer.COUNT).putInt(operations);
        queue.end();
        for (int i = 0; i < operations; i++) {
            queue.begin(Integer.BYTES + size).putInt(size).putLong(number++).put(payload);
            queue.end();
        }
        answer.clear();
        if (socket.read(answer) != 1) {
            throw new IOException("peer ended");
        }
        return Round.stream(operations, size, System.nanoTime() - start);
    }

    private void writeAll() {
        try {
            while (true) {
                ByteBuffer next = queue.take();
                while (next.hasRemaining()) {
                    socket.write(next);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        peer.close();
    }
}
