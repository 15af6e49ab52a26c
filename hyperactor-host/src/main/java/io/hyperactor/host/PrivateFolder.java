package io.hyperactor.host;

import io.hyperactor.channel.OwnUser;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A folder for files that are run as code: only the user of this process can have put them there.
final class PrivateFolder {
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");
    private static final String ROOT = "root";
    private static final String STICKY = "unix:mode";
    private static final int STICKY_BIT = 01000;

    private PrivateFolder() {}

    /// Makes the folder and those above it, where they are missing, for this user alone.
    ///
    /// @throws IOException if that is impossible, or it belongs or is open to somebody else, or
    ///   somebody else could put another one in its place; with the reason
    static void prepare(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent == null) {
            throw new IOException(folder + " is no place for private files");
        }
        if (!Files.exists(parent)) {
            prepare(parent);
        }
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException _) {
            // looked at below, like one of our own: it may have been swapped since
        }
        check(folder);
        for (Path above = parent.toRealPath(); above != null; above = above.getParent()) {
            checkAbove(above);
        }
    }

    private static void check(Path folder) throws IOException {
        var found =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory()) {
            throw new IOException(folder + " is not a folder");
        }
        if (!isOurs(found)) {
            throw new IOException(folder + " belongs to " + found.owner().getName());
        }
        if (!found.permissions().equals(PRIVATE)) {
            throw new IOException(folder + " is open to others");
        }
    }

    /// Whether a file in such a folder is one that nobody else can have written.
    static boolean isOurs(Path file) throws IOException {
        var found =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return found.isRegularFile() && isOurs(found);
    }

    private static boolean isOurs(PosixFileAttributes found) {
        return found.owner().getName().equals(OwnUser.NAME);
    }

    private static void checkAbove(Path folder) throws IOException {
        var found = Files.readAttributes(folder, PosixFileAttributes.class);
        String owner = found.owner().getName();
        if (!owner.equals(ROOT) && !owner.equals(OwnUser.NAME)) {
            throw new IOException(folder + " belongs to " + owner);
        }
        boolean open = found.permissions().contains(PosixFilePermission.OTHERS_WRITE);
        if (open && ((int) Files.getAttribute(folder, STICKY) & STICKY_BIT) == 0) {
            throw new IOException(folder + " is open to others");
        }
    }
}
