package io.hyperactor.channel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// One end of a [Connection] on an event loop: sends what it is told to and keeps what comes.
final class TestEnd implements EventLoop.Handler {
    /// Less than a record, so that some of each has to wait.
    private static final int READ_BYTES = 5000;

    private final EventLoop loop;
    private final Connection connection;
    private final ByteBuffer readBuffer = ByteBuffer.allocate(READ_BYTES);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final Deque<ByteBuffer> toSend = new ArrayDeque<>();
    private final CompletableFuture<Set<String>> established = new CompletableFuture<>();
    private final CompletableFuture<byte[]> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private volatile Thread thread = Thread.currentThread();
    private SelectionKey key;
    private boolean up;
    private boolean closing;
    private volatile boolean paused;

    TestEnd(EventLoop loop, Function<EventLoop.Handler, Connection> connection) {
        this.loop = loop;
        this.connection = connection.apply(this);
    }

    static TestEnd tls(EventLoop loop, SocketChannel socket, TlsConnection.Engines engines) {
        return new TestEnd(loop, handler -> new TlsConnection(socket, engines, loop, handler));
    }

    TestEnd start() {
        loop.execute(() -> {
            try {
                key = loop.register(connection.socket(), 0, this);
                thread = Thread.currentThread();
                ready(0);
                registered.complete(null);
            } catch (Throwable t) {
                fail(t);
            }
        });
        return this;
    }

    /// The peer's names, once both know each other.
    CompletableFuture<Set<String>> established() {
        return established;
    }

    /// All that came, when it is certain that no more will.
    CompletableFuture<byte[]> ended() {
        return ended;
    }

    void send(byte[] bytes) {
        onLoop(() -> toSend.add(ByteBuffer.wrap(bytes)));
    }

    /// Says that nothing more follows.
    void finish() {
        onLoop(() -> closing = true);
    }

    void cut() {
        onLoop(() -> Sockets.closeQuietly(connection.socket()));
    }

    void close() {
        onLoop(connection::close);
    }

    /// Reads nothing until it is told to.
    void pause(boolean on) {
        onLoop(() -> paused = on);
    }

    private void onLoop(Runnable what) {
        loop.execute(() -> {
            try {
                what.run();
                if (connection.socket().isOpen()) {
                    ready(SelectionKey.OP_READ);
                }
            } catch (Throwable t) {
                fail(t);
            }
        });
    }

    @Override
    public void ready(int ops) throws IOException {
        if (thread != Thread.currentThread()) {
            throw new IllegalStateException("not on the loop");
        }
        if (!up) {
            up = connection.establish();
            if (!up) {
                interest();
                return;
            }
            established.complete(connection.peerNames());
        }
        write();
        read();
        interest();
    }

    private void write() throws IOException {
        while (!toSend.isEmpty()) {
            ByteBuffer[] views = toSend.toArray(ByteBuffer[]::new);
            connection.write(views, 0, views.length);
            toSend.removeIf(view -> !view.hasRemaining());
            if (!toSend.isEmpty()) {
                return;
            }
        }
        if (connection.flush() && closing) {
            closing = false;
            connection.shutdownOutput();
        }
    }

    /// Once, so that [Connection#hasInput] has a part to play.
    private void read() throws IOException {
        if (paused || ended.isDone()) {
            return;
        }
        int bytes = connection.read(readBuffer.clear());
        if (bytes < 0) {
            ended.complete(received.toByteArray());
        } else {
            received.write(readBuffer.array(), 0, bytes);
            if (connection.hasInput()) {
                loop.execute(this::again);
            }
        }
    }

    private void again() {
        try {
            ready(SelectionKey.OP_READ);
        } catch (Throwable t) {
            fail(t);
        }
    }

    private void interest() {
        if (key != null && key.isValid()) {
            int read = paused || ended.isDone() ? 0 : SelectionKey.OP_READ;
            key.interestOps(connection.ops(toSend.isEmpty() ? read : read | SelectionKey.OP_WRITE));
        }
    }

    @Override
    public void fail(Throwable fault) {
        established.completeExceptionally(fault);
        ended.completeExceptionally(fault);
        try {
            connection.shutdownOutput();
        } catch (IOException e) {
            fault.addSuppressed(e);
        }
        loop.after(
                java.util.concurrent.TimeUnit.MILLISECONDS.toNanos(200), // as a server lingers
                connection::close);
        if (key != null) {
            key.cancel();
        }
    }
}
