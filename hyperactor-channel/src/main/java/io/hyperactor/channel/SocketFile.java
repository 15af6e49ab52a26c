package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// The file that a Unix socket is reached by.
final class SocketFile {
    /// One less than the kernel takes: so it is in the JDK.
    static final int PATH_BYTES_MAX = 106;

    private static final int OWN_NAME_LENGTH = 12;
    private static final int PROBES_MAX = 10;

    private SocketFile() {}

    /// Fails if no socket can have this path.
    static void checkLength(ChannelAddress address, String path) {
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PATH_BYTES_MAX) {
            throw new ChannelException.AddressUnusable(
                    address,
                    String.format(
                            Locale.ROOT,
                            "path %s has %d bytes, a socket's has at most %d",
                            path,
                            bytes,
                            PATH_BYTES_MAX));
        }
    }

    /// A name that nobody has, in a directory.
    ///
    /// @param mark what it begins with
    static Path freshIn(Path directory, String mark, RandomGenerator random) {
        return directory.resolve(mark + randomName(random, OWN_NAME_LENGTH));
    }

    /// Passes on what is fit to begin the name of a file.
    static String checkMark(String mark) {
        for (int i = 0; i < mark.length(); i++) {
            char c = mark.charAt(i);
            boolean isFit =
                    (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
            if (!isFit) {
                throw new IllegalArgumentException("'" + mark + "' is no mark of a socket");
            }
        }
        return mark;
    }

    /// A name that nobody has, beside `path`, and not longer unless that is very short.
    static Path freshBeside(Path path, RandomGenerator random) {
        int length = String.valueOf(path.getFileName()).length();
        return path.resolveSibling(randomName(random, Math.clamp(length, 4, OWN_NAME_LENGTH)));
    }

    private static String randomName(RandomGenerator random, int length) {
        StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            name.append(Character.forDigit(random.nextInt(36), 36));
        }
        return name.toString();
    }

    /// What tells this file from another one of the same name.
    static @Nullable Object identity(Path path) throws IOException {
        return attributes(path).fileKey();
    }

    /// Makes `path` free if a dead server left it: moves the file away and looks at it again, so
    /// that of two who clear up at once neither removes the other's new one. Who is moved away
    /// alive gets his name back.
    ///
    /// @throws FileAlreadyExistsException if a server that lives has it
    static void clear(ChannelAddress address, Path path, RandomGenerator random)
            throws IOException {
        try {
            if (!attributes(path).isOther()) {
                throw new ChannelException.AddressUnusable(
                        address, path + " exists and is not a socket");
            }
            if (isServed(path)) {
                throw new FileAlreadyExistsException(path.toString());
            }
            Path away = freshBeside(path, random);
            Files.move(path, away);
            try {
                if (isServed(away)) {
                    Files.createLink(path, away);
                    throw new FileAlreadyExistsException(path.toString());
                }
            } finally {
                Files.delete(away);
            }
        } catch (NoSuchFileException e) {
            // It is free, or somebody else is making it so.
        }
    }

    /// Removes the sockets in `directory` that nobody serves and that were made before `before`: a
    /// younger one may be about to be served.
    ///
    /// @return how many
    static int removeDead(Path directory, Instant before) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                removed += removeIfDead(file, before) ? 1 : 0;
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return 0; // nobody has served anything here
        }
        return removed;
    }

    /// Removes `file` if it is a socket made before `before` that nobody serves.
    static boolean removeIfDead(Path file, Instant before) throws IOException {
        try {
            BasicFileAttributes found = attributes(file);
            boolean dead =
                    found.isOther()
                            && found.lastModifiedTime().toInstant().isBefore(before)
                            && !isServed(file);
            return dead && Files.deleteIfExists(file);
        } catch (NoSuchFileException | SocketException e) {
            return false; // its server has just ended, or can not be asked
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isServed(Path path) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                probe.configureBlocking(false); // a full queue would make it wait
                boolean _ = probe.connect(UnixDomainSocketAddress.of(path));
                return true;
            } catch (ConnectException e) {
                return false;
            } catch (SocketException e) {
                BasicFileAttributes _ = attributes(path); // is it gone meanwhile?
                if (attempt == PROBES_MAX) {
                    throw e;
                }
                // gone and there again: somebody else is taking it over
            }
        }
    }
}
