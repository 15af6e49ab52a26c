package io.hyperactor.bench.channel;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/// [Stream] with `java.nio` in the shape that a program has whose senders are many: a bounded queue
/// of arrays, one thread that writes what is queued in one go, and a receiver that copies each
/// message into an array of its own. No acknowledgement but one byte for the whole round.
public final class NioQueueStream implements Workload {
    private static final int QUEUE_MESSAGES = 65_536;
    private static final int QUEUE_BYTES = 16 << 20; // like the window of a channel
    private static final long PAUSE_NANOS = 10_000;

    private final int size;
    private final Peer peer;
    private final SocketChannel socket;
    private final ByteBuffer buffer;
    private final ManyToOneConcurrentArrayQueue<byte[]> queue;
    private final Thread writer;
    private volatile boolean writerSleeps;
    private volatile boolean closed;
    private long number;

    private NioQueueStream(int size) throws IOException {
        this.size = size;
        queue =
                new ManyToOneConcurrentArrayQueue<>(
                        Math.clamp(QUEUE_BYTES / size, 2, QUEUE_MESSAGES));
        buffer = ByteBuffer.allocateDirect(NioStream.bufferBytes(size));
        peer = Peer.start(NioStreamPeer.class, Integer.toString(size), "copy");
        socket = SocketChannel.open(UnixDomainSocketAddress.of(peer.address()));
        writer = Thread.ofPlatform().daemon().start(this::writeAll);
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
        byte[] announcement = new byte[2 * Integer.BYTES];
        ByteBuffer.wrap(announcement).putInt(NioStreamPeer.COUNT).putInt(operations);
        offer(announcement);
        for (int i = 0; i < operations; i++) {
            byte[] message = new byte[Integer.BYTES + size];
            ByteBuffer.wrap(message).putInt(size).putLong(number++);
            offer(message);
        }
        if (socket.read(ByteBuffer.allocate(1)) != 1) {
            throw new IOException("peer ended");
        }
        return Round.stream(operations, size, System.nanoTime() - start);
    }

    private void offer(byte[] message) {
        while (!queue.offer(message)) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        if (writerSleeps) {
            LockSupport.unpark(writer);
        }
    }

    private void writeAll() {
        try {
            while (!closed) {
                fill();
                buffer.flip();
                while (buffer.hasRemaining()) {
                    socket.write(buffer);
                }
                buffer.clear();
                sleepIfIdle();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill() {
        for (byte[] next = queue.peek();
                next != null && buffer.remaining() >= next.length;
                next = queue.peek()) {
            buffer.put(next);
            queue.poll();
        }
    }

    private void sleepIfIdle() {
        writerSleeps = true;
        while (queue.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        writerSleeps = false;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        peer.close();
    }
}
