package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The directory for sockets that nobody gave a path: private to the user, or not used.
final class RuntimeDirectory {
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    private RuntimeDirectory() {}

    /// In the user's own runtime directory if the system has one, else among the temporary files.
    static Path standard() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty() && Files.isDirectory(Path.of(runtime))) {
            return Path.of(runtime, "hyperactor");
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "hyperactor-" + OwnUser.NAME);
    }

    /// Creates the directory if it is missing, and makes sure that it is ours and ours alone: in a
    /// shared directory somebody else may have put something there first.
    static void prepare(Path directory, ChannelAddress asked) {
        try {
            try {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
            } catch (FileAlreadyExistsException e) {
                // checked below, like one that we made: it may have been swapped since
            }
            PosixFileAttributes found =
                    Files.readAttributes(
                            directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isDirectory()) {
                throw unusable(asked, directory, "is not a directory");
            }
            if (!found.owner().getName().equals(OwnUser.NAME)) {
                throw unusable(asked, directory, "belongs to " + found.owner().getName());
            }
            if (!found.permissions().equals(PRIVATE)) {
                throw unusable(
                        asked,
                        directory,
                        "is open to others: " + PosixFilePermissions.toString(found.permissions()));
            }
        } catch (IOException e) {
            throw new ChannelException.AddressUnusable(
                    asked, "no runtime directory " + directory, e);
        }
    }

    private static ChannelException unusable(ChannelAddress asked, Path directory, String why) {
        return new ChannelException.AddressUnusable(
                asked, "the runtime directory " + directory + " " + why);
    }
}
