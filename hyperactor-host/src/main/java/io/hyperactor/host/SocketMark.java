package io.hyperactor.host;

import io.hyperactor.channel.Channels;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the names of the sockets of a host and of its children begin with: which process the host
/// is, `PID-START-NAMESPACE.` in base 36. When it is dead so are its children, and a later host
/// knows whose files these were, whatever their age.
///
/// Where `/proc` does not say who a process is the mark is empty.
///
/// **Threads:** any.
final class SocketMark {
    private static final Logger LOG = LoggerFactory.getLogger(SocketMark.class);

    private static final int BASE = 36;
    private static final String NUMBER = "([0-9a-z]{1,11})";
    private static final Pattern NAME =
            Pattern.compile(NUMBER + "-" + NUMBER + "-" + NUMBER + "\\..+");

    private static final String OWN = own();

    private SocketMark() {}

    /// That of this process.
    static String ofThisProcess() {
        return OWN;
    }

    private static String own() {
        try {
            return of(ProcessIdentity.self());
        } catch (IOException | RuntimeException e) {
            LOG.debug("sockets of this process do not say whose they are", e);
            return "";
        }
    }

    /// That of a process.
    static String of(ProcessIdentity process) {
        return Long.toString(process.pid(), BASE)
                + "-"
                + Long.toString(process.startTicks(), BASE)
                + "-"
                + Long.toString(process.pidNamespace(), BASE)
                + ".";
    }

    /// A new address for a server of this process.
    static ChannelAddress address(Channels channels) {
        return OWN.isEmpty() ? ChannelAddress.any(Transport.UNIX) : channels.freshAddress(OWN);
    }

    /// Whose mark a name begins with; empty if it has none.
    static Optional<ProcessIdentity> whose(String name) {
        Matcher parts = NAME.matcher(name);
        try {
            return parts.matches()
                    ? Optional.of(
                            new ProcessIdentity(
                                    Long.parseLong(parts.group(1), BASE),
                                    Long.parseLong(parts.group(2), BASE),
                                    Long.parseLong(parts.group(3), BASE)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // not made by us
        }
    }

    /// Removes the sockets, and folders of sockets, of hosts that are dead.
    ///
    /// @param directory the runtime directory
    /// @return how many
    static int removeLeft(Path directory) {
        int removed = 0;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
            for (Path path : found) {
                String name = String.valueOf(path.getFileName());
                if (whose(name).map(ProcessIdentity::isDead).orElse(false)) {
                    removed += remove(path);
                }
            }
        } catch (NoSuchFileException _) {
            // then there is nothing
        } catch (IOException e) {
            LOG.debug("what dead hosts left in {} was not removed", directory, e);
        }
        return removed;
    }

    private static int remove(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return RehearsalFolder.remove(path);
        }
        return Files.deleteIfExists(path) ? 1 : 0;
    }
}
