package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A listening Unix socket and its file.
///
/// The socket is bound and made private under a name of its own and gets its real one by a link:
/// whoever sees that name can connect, and nobody can take it twice. A file left behind by a dead
/// server is moved away first and looked at again, so that of two who clear it up at once neither
/// removes the other's.
final class UnixListener implements SocketServer.Listener {
    static final int PATH_BYTES_MAX = 107;

    private static final int BACKLOG = 1024;
    private static final int OWN_NAME_LENGTH = 12;

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
        ChannelAddress.Unix address = asked;
        if (asked.path().isEmpty()) {
            RuntimeDirectory.prepare(config.runtimeDirectory(), asked);
            String name = randomName(random, OWN_NAME_LENGTH);
            Path path = config.runtimeDirectory().toAbsolutePath().resolve(name);
            checkLength(asked, path.toString());
            address = new ChannelAddress.Unix(path.toString());
        }
        try {
            Path path = Path.of(address.path());
            clear(address, path, random);
            return bind(address, path, random);
        } catch (FileAlreadyExistsException e) {
            throw new ChannelException.AddressInUse(address);
        } catch (IOException e) {
            throw new ChannelException.AddressUnusable(address, String.valueOf(e.getMessage()), e);
        }
    }

    /// A name of Linux without a file, which Java does not know.
    static boolean isAbstract(ChannelAddress.Unix address) {
        return address.path().startsWith("@");
    }

    private static void checkLength(ChannelAddress address, String path) {
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PATH_BYTES_MAX) {
            throw new ChannelException.AddressUnusable(
                    address,
                    "path "
                            + path
                            + " has "
                            + bytes
                            + " bytes, a socket's has at most "
                            + PATH_BYTES_MAX);
        }
    }

    private static UnixListener bind(ChannelAddress.Unix address, Path path, RandomGenerator random)
            throws IOException {
        Path own = sibling(path, random);
        checkLength(address, own.toString());
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.configureBlocking(false);
            socket.bind(UnixDomainSocketAddress.of(own), BACKLOG);
            try {
                Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-------"));
                Files.createLink(path, own);
            } finally {
                Files.delete(own);
            }
            return new UnixListener(address, socket, path, keyOf(path));
        } catch (IOException e) {
            Sockets.closeQuietly(socket);
            throw e;
        }
    }

    /// Makes `path` free if a dead server left it.
    private static void clear(ChannelAddress.Unix address, Path path, RandomGenerator random)
            throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new ChannelException.AddressUnusable(
                    address, path + " exists and is not a socket");
        }
        if (isServed(path)) {
            throw new ChannelException.AddressInUse(address);
        }
        Path away = sibling(path, random);
        try {
            Files.move(path, away);
        } catch (NoSuchFileException e) {
            return; // somebody else clears up, too
        }
        try {
            if (isServed(away)) { // that somebody was done already, and it is his
                Files.createLink(path, away);
                throw new ChannelException.AddressInUse(address);
            }
        } finally {
            Files.deleteIfExists(away);
        }
    }

    private static boolean isServed(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // a full queue would make it wait
            boolean _ = probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    private static Path sibling(Path path, RandomGenerator random) {
        String name = String.valueOf(path.getFileName());
        return path.resolveSibling(
                randomName(random, Math.clamp(name.length(), 4, OWN_NAME_LENGTH)));
    }

    private static String randomName(RandomGenerator random, int length) {
        StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            name.append(Character.forDigit(random.nextInt(36), 36));
        }
        return name.toString();
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
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
    public Optional<String> foreignOwner(SocketChannel connected) throws IOException {
        return Sockets.foreignOwner(connected);
    }

    @Override
    public void close() {
        try {
            if (fileKey != null && fileKey.equals(keyOf(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // Somebody removed it before.
        }
        Sockets.closeQuietly(socket);
    }
}
