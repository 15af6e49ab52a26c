package io.hyperactor.host;

import io.hyperactor.wire.ChannelAddress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// The socket file of a child that ended without removing it, as a killed one does.
final class LeftSocket {
    private static final Logger LOG = LoggerFactory.getLogger(LeftSocket.class);

    private LeftSocket() {}

    /// Removes the file of `address`, if it is a socket beside `ours`. A child says itself what its
    /// address is, and must not make its host remove anything else.
    static void remove(ChannelAddress address, ChannelAddress ours) {
        if (!(address instanceof ChannelAddress.Unix left)
                || !(ours instanceof ChannelAddress.Unix beside)) {
            return;
        }
        Path file = Path.of(left.path());
        Path directory = Path.of(beside.path()).getParent();
        if (directory == null || !directory.equals(file.getParent()) || left.equals(beside)) {
            return;
        }
        try {
            BasicFileAttributes found =
                    Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (found.isOther()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            LOG.trace("{} was removed by its child", file);
        } catch (IOException e) {
            LOG.warn("could not remove {}", file, e);
        }
    }
}
