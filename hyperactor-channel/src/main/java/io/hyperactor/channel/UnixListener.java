package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// A listening Unix socket and its file.
///
/// The socket is bound and made private under a name of its own and gets its real one by a link:
/// whoever sees that name can connect, and nobody can take it twice.
final class UnixListener implements SocketServer.Listener {
    private static final int BACKLOG = 1024;

    /// Among processes, two at once are safe; within this one, any number.
    private static final ReentrantLock TAKING_OVER = new ReentrantLock();

    private final ChannelAddress.Unix address;
    private final ServerSocketChannel socket;
    private final Path path;
    private final @Nullable Object fileKey;

    private UnixListener(
            ChannelAddress.Unix address,
            ServerSocketChannel socket,
            Path path,
            @Nullable Object fileKey) {
        this.address = address;
        this.socket = socket;
        this.path = path;
        this.fileKey = fileKey;
    }

    /// Binds and listens.
    static UnixListener bind(
            ChannelAddress.Unix asked, ChannelConfig config, RandomGenerator random) {
        if (isAbstract(asked)) {
            throw new ChannelException.Unsupported(asked);
        }
        ChannelAddress.Unix address =
                asked.path().isEmpty() ? pick("", asked, config, random) : asked;
        TAKING_OVER.lock();
        try {
            return bind(address, random);
        } finally {
            TAKING_OVER.unlock();
        }
    }

    /// A name of Linux without a file, which Java does not know.
    static boolean isAbstract(ChannelAddress.Unix address) {
        return address.path().startsWith("@");
    }

    /// A path that nobody has.
    static ChannelAddress.Unix pick(
            String mark, ChannelAddress.Unix asked, ChannelConfig config, RandomGenerator random) {
        RuntimeDirectory.prepare(config.runtimeDirectory(), asked);
        Path directory = config.runtimeDirectory().toAbsolutePath();
        String path = SocketFile.freshIn(directory, mark, random).toString();
        SocketFile.checkLength(asked, path);
        return new ChannelAddress.Unix(path);
    }

    static UnixListener bind(ChannelAddress.Unix address, RandomGenerator random) {
        SocketFile.checkLength(address, address.path());
        Path path = Path.of(address.path());
        try {
            SocketFile.clear(address, path, random);
            return bind(address, path, SocketFile.freshBeside(path, random));
        } catch (FileAlreadyExistsException e) {
            throw new ChannelException.AddressInUse(address);
        } catch (IOException e) {
            throw new ChannelException.AddressUnusable(address, String.valueOf(e.getMessage()), e);
        }
    }

    private static UnixListener bind(ChannelAddress.Unix address, Path path, Path own)
            throws IOException {
        SocketFile.checkLength(address, own.toString());
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        UnixListener bound = new UnixListener(address, socket, path, null);
        boolean done = false;
        try {
            socket.configureBlocking(false);
            socket.bind(UnixDomainSocketAddress.of(own), BACKLOG);
            try {
                Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-------"));
                bound = new UnixListener(address, socket, path, SocketFile.identity(own));
                Files.createLink(path, own);
            } finally {
                Files.deleteIfExists(own); // else somebody did
            }
            done = true;
            return bound;
        } finally {
            if (!done) {
                bound.close();
            }
        }
    }

    @Override
    public ChannelAddress address() {
        return address;
    }

    @Override
    public SelectionKey register(EventLoop loop, EventLoop.Handler handler) throws IOException {
        return loop.register(socket, SelectionKey.OP_ACCEPT, handler);
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        return socket.accept();
    }

    @Override
    public Connection connection(SocketChannel connected, EventLoop loop, EventLoop.Handler handler)
            throws IOException {
        Optional<String> foreign = Sockets.foreignOwner(connected);
        if (foreign.isPresent()) {
            throw new ForeignPeerException(connected.getRemoteAddress(), foreign.get());
        }
        return new PlainConnection(connected);
    }

    @Override
    public void close() {
        try {
            if (fileKey != null && fileKey.equals(SocketFile.identity(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // Somebody removed it before.
        }
        Sockets.closeQuietly(socket);
    }
}
