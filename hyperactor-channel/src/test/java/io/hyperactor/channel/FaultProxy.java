package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Passes connections on, and does to them what a test wants: cuts them after so many bytes, holds
/// or delays one direction, or has what goes through it changed by a [Tamper]. What it did is
/// counted, so that a test can tell that its fault happened.
///
/// **Threads:** two for each connection; the methods, any.
public final class FaultProxy implements AutoCloseable {
    /// The way of bytes.
    public enum Way {
        /// From the dialler to the server.
        FORTH,
        /// From the server to the dialler.
        BACK
    }

    /// What becomes of the bytes of one direction of one connection.
    @FunctionalInterface
    public interface Tamper {
        /// What goes on instead of `bytes`; null cuts the connection.
        byte[] instead(byte[] bytes) throws IOException;
    }

    /// How many bytes a connection carries, each way.
    private record Budget(long forth, long back) {}

    /// One connection, in both halves.
    private record Passage(SocketChannel client, SocketChannel server) {
        void end() {
            Sockets.closeQuietly(client);
            Sockets.closeQuietly(server);
        }
    }

    /// What is done to one direction.
    private static final class Direction {
        final AtomicLong bytes = new AtomicLong();
        volatile boolean held;
        volatile LongSupplier delayNanos = () -> 0;
        volatile Supplier<Tamper> tamper = () -> bytes -> bytes;
    }

    private static final long LOOK_NANOS = 1_000_000;

    private final ChannelAddress front;
    private final ServerSocketChannel listener;
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicReference<Budget> next = new AtomicReference<>();
    private final Set<Passage> open = ConcurrentHashMap.newKeySet();
    private final Direction forth = new Direction();
    private final Direction back = new Direction();
    private volatile LongSupplier usual = () -> Long.MAX_VALUE;
    private volatile ChannelAddress target;

    /// @param front a path for a proxy of a Unix socket, else of no use
    public FaultProxy(Path front, ChannelAddress target) throws IOException {
        this.target = target;
        if (target instanceof ChannelAddress.Network network) {
            listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = listener.socket().getLocalPort();
            this.front = new ChannelAddress.Network(network.transport(), "localhost", port);
        } else {
            this.front = new ChannelAddress.Unix(front.toString());
            this.listener = RawPeer.listen(front);
        }
        Thread.ofPlatform().daemon().name("proxy").start(this::accept);
    }

    /// Takes the place of a Unix socket that is served: its file gets another name, and whoever
    /// dials the old one from now on comes here.
    public static FaultProxy inFrontOf(ChannelAddress served) throws IOException {
        Path path = Path.of(((ChannelAddress.Unix) served).path());
        Path moved = path.resolveSibling(Objects.requireNonNull(path.getFileName()) + "~");
        Files.move(path, moved);
        return new FaultProxy(path, new ChannelAddress.Unix(moved.toString()));
    }

    /// Where it is dialled.
    public ChannelAddress address() {
        return front;
    }

    /// How often a connection was cut: by its bytes, by a [Tamper], or by [#cutNow()].
    public int cuts() {
        return cuts.get();
    }

    /// How many connections it has passed on.
    public int connections() {
        return connections.get();
    }

    /// How many bytes have come that way.
    public long bytes(Way way) {
        return direction(way).bytes.get();
    }

    /// Of the next connection.
    public void cutNext(long bytesForth, long bytesBack) {
        next.set(new Budget(bytesForth, bytesBack));
    }

    /// Of every connection, either way.
    public void cutAlways(LongSupplier budget) {
        usual = budget;
    }

    /// All connections there are.
    public void cutNow() {
        open.forEach(this::cut);
    }

    private void cut(Passage passage) {
        if (open.remove(passage)) {
            cuts.incrementAndGet();
        }
        passage.end();
    }

    /// Connections stay, and nothing goes through them.
    public void silent(boolean on) {
        hold(Way.FORTH, on);
        hold(Way.BACK, on);
    }

    /// Nothing goes that way. What has come so far waits.
    public void hold(Way way, boolean on) {
        direction(way).held = on;
    }

    /// How long bytes that go that way are kept, each time some have been read.
    public void delay(Way way, LongSupplier nanos) {
        direction(way).delayNanos = nanos;
    }

    /// What is done to the bytes of connections to come; each gets a new one.
    public void tamper(Way way, Supplier<Tamper> tamper) {
        direction(way).tamper = tamper;
    }

    /// Of connections to come.
    public void leadTo(ChannelAddress address) {
        target = address;
    }

    private Direction direction(Way way) {
        return way == Way.FORTH ? forth : back;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                Budget budget = next.getAndSet(null);
                long bytesForth = budget == null ? usual.getAsLong() : budget.forth;
                long bytesBack = budget == null ? usual.getAsLong() : budget.back;
                connect(client, bytesForth, bytesBack);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(SocketChannel client, long bytesForth, long bytesBack) {
        SocketChannel server;
        try {
            server = SocketChannel.open(peer(target));
        } catch (IOException e) {
            Sockets.closeQuietly(client); // nobody is there
            return;
        }
        connections.incrementAndGet();
        Passage passage = new Passage(client, server);
        open.add(passage);
        start(passage, client, server, bytesForth, forth);
        start(passage, server, client, bytesBack, back);
    }

    private static SocketAddress peer(ChannelAddress address) {
        return switch (address) {
            case ChannelAddress.Unix unix -> UnixDomainSocketAddress.of(unix.path());
            case ChannelAddress.Network network ->
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), network.port());
            default -> throw new IllegalArgumentException(address + " is no socket");
        };
    }

    private void start(
            Passage passage,
            SocketChannel from,
            SocketChannel to,
            long budget,
            Direction direction) {
        Tamper tamper = direction.tamper.get();
        Thread.ofPlatform()
                .daemon()
                .name("proxy")
                .start(() -> {
                    try {
                        if (carry(from, to, budget, direction, tamper)) {
                            cut(passage);
                        }
                    } catch (IOException e) {
                        // cut by the other direction, or by an end
                    } finally {
                        open.remove(passage);
                        passage.end();
                    }
                });
    }

    /// Whether the connection is to be cut; else it has ended.
    private static boolean carry(
            SocketChannel from, SocketChannel to, long budget, Direction direction, Tamper tamper)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        for (long left = budget; left > 0; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), left));
            int bytes = from.read(buffer);
            if (bytes < 0) {
                return false;
            }
            await(direction, from);
            left -= bytes;
            direction.bytes.addAndGet(bytes);
            byte[] read = new byte[bytes];
            buffer.flip().get(read);
            byte[] instead = tamper.instead(read);
            if (instead == null) {
                return true;
            }
            write(to, ByteBuffer.wrap(instead));
        }
        return true;
    }

    private static void await(Direction direction, SocketChannel from) {
        long end = System.nanoTime() + direction.delayNanos.getAsLong();
        for (long now = end - 1; now - end < 0 && from.isOpen(); now = System.nanoTime()) {
            LockSupport.parkNanos(Math.min(LOOK_NANOS, end - now));
        }
        while (direction.held && from.isOpen()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void write(SocketChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    /// Ends all connections, and listens no more.
    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(Passage::end);
        if (front instanceof ChannelAddress.Unix unix) {
            Files.deleteIfExists(Path.of(unix.path()));
        }
        if (target instanceof ChannelAddress.Unix unix && unix.path().endsWith("~")) {
            Files.deleteIfExists(Path.of(unix.path()));
        }
    }
}
