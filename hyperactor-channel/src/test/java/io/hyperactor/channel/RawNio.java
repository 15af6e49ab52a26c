package io.hyperactor.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// The yardstick: length-prefixed frames over a bare socket and selector, without queues, sequence
/// numbers, acknowledgements or anything else.
final class RawNio {
    static final int BUFFER = 256 * 1024;

    /// Hears each frame, on the loop's thread.
    interface Handler {
        void frame(RawNio from, ByteBuffer buffer, int offset, int length) throws IOException;
    }

    private final SocketChannel socket;
    private final Handler handler;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER * 8);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

    private RawNio(SocketChannel socket, Handler handler) {
        this.socket = socket;
        this.handler = handler;
    }

    static Thread serve(Path path, Handler handler) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        return daemon(() -> {
            try {
                while (true) {
                    start(server.accept(), handler);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static RawNio dial(Path path, Handler handler) throws IOException {
        return start(SocketChannel.open(UnixDomainSocketAddress.of(path)), handler);
    }

    private static RawNio start(SocketChannel socket, Handler handler) throws IOException {
        RawNio raw = new RawNio(socket, handler);
        socket.configureBlocking(false);
        Thread _ = daemon(raw::run);
        return raw;
    }

    private static Thread daemon(Runnable task) {
        return Thread.ofPlatform().daemon().start(task);
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private void run() {
        try (Selector selector = Selector.open()) {
            SelectionKey key = socket.register(selector, SelectionKey.OP_READ);
            PollGuard guard =
                    new PollGuard(System.nanoTime(), Runtime.getRuntime().availableProcessors());
            while (key.isValid()) {
                int ready = selector.selectNow(k -> read());
                long now = System.nanoTime();
                if (ready > 0) {
                    guard.event(now);
                } else if (guard.polls(now)) {
                    Thread.yield();
                    guard.yielded(now, System.nanoTime());
                } else {
                    int _ = selector.select(k -> read());
                    guard.event(System.nanoTime());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try {
            int bytes = socket.read(in);
            if (bytes < 0) {
                socket.close();
                return;
            }
            int at = 0;
            while (in.position() - at >= 4) {
                int length = in.getInt(at);
                if (in.position() - at - 4 < length) {
                    break;
                }
                handler.frame(this, in, at + 4, length);
                at += 4 + length;
            }
            in.flip().position(at);
            in.compact();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Appends a frame to what [#flush] writes.
    synchronized void put(byte[] frame) throws IOException {
        if (out.remaining() < 4 + frame.length) {
            flush();
        }
        out.putInt(frame.length).put(frame);
    }

    /// Writes a frame at once: the answer may come, and be answered, before this returns.
    synchronized void send(byte[] frame) throws IOException {
        put(frame);
        flush();
    }

    /// Writes a frame that is longer than the buffer.
    synchronized void write(byte[] frame) throws IOException {
        flush();
        out.putInt(frame.length);
        for (int at = 0; at < frame.length; ) {
            int piece = Math.min(out.remaining(), frame.length - at);
            out.put(frame, at, piece);
            at += piece;
            flush();
        }
    }

    synchronized void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            if (socket.write(out) == 0) {
                Thread.onSpinWait();
            }
        }
        out.clear();
    }
}
