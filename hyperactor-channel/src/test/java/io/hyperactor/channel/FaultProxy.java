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
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Passes connections on, and cuts them after as many bytes as a test wants. It knows nothing of
/// the protocol.
final class FaultProxy implements AutoCloseable {
    /// How many bytes a connection carries, each way.
    private record Budget(long forth, long back) {}

    private final ChannelAddress front;
    private final ServerSocketChannel listener;
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicReference<Budget> next = new AtomicReference<>();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile LongSupplier usual = () -> Long.MAX_VALUE;
    private volatile ChannelAddress target;
    private volatile boolean silent;

    /// @param front a path for a proxy of a Unix socket, else of no use
    FaultProxy(Path front, ChannelAddress target) throws IOException {
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
        Thread.ofVirtual().start(this::accept);
    }

    ChannelAddress address() {
        return front;
    }

    /// How often a connection was cut.
    int cuts() {
        return cuts.get();
    }

    /// Of the next connection.
    void cutNext(long forth, long back) {
        next.set(new Budget(forth, back));
    }

    /// Of every connection, either way.
    void cutAlways(LongSupplier budget) {
        usual = budget;
    }

    /// All connections there are.
    void cutNow() {
        open.forEach(Sockets::closeQuietly);
    }

    /// Connections stay, and nothing goes through them.
    void silent(boolean on) {
        silent = on;
    }

    /// Of connections to come.
    void leadTo(ChannelAddress address) {
        target = address;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                Budget budget = next.getAndSet(null);
                long forth = budget == null ? usual.getAsLong() : budget.forth;
                long back = budget == null ? usual.getAsLong() : budget.back;
                connect(client, forth, back);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(SocketChannel client, long forth, long back) {
        SocketChannel server;
        try {
            server = SocketChannel.open(peer(target));
        } catch (IOException e) {
            Sockets.closeQuietly(client); // nobody is there
            return;
        }
        open.add(client);
        open.add(server);
        Thread.ofPlatform().daemon().start(() -> carry(client, server, forth));
        Thread.ofPlatform().daemon().start(() -> carry(server, client, back));
    }

    private static SocketAddress peer(ChannelAddress address) {
        return switch (address) {
            case ChannelAddress.Unix unix -> UnixDomainSocketAddress.of(unix.path());
            case ChannelAddress.Network network ->
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), network.port());
            default -> throw new IllegalArgumentException(address + " is no socket");
        };
    }

    private void carry(SocketChannel from, SocketChannel to, long budget) {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        long left = budget;
        try {
            while (left > 0) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                int bytes = from.read(buffer);
                if (bytes < 0) {
                    break;
                }
                while (silent && from.isOpen()) {
                    LockSupport.parkNanos(1_000_000);
                }
                left -= bytes;
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
            if (left <= 0) {
                cuts.incrementAndGet();
            }
        } catch (IOException e) {
            // cut by the other direction
        } finally {
            Sockets.closeQuietly(from);
            Sockets.closeQuietly(to);
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutNow();
    }
}
