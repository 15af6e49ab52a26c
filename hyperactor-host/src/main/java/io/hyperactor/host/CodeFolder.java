package io.hyperactor.host;

import io.hyperactor.channel.OwnUser;
import io.hyperactor.channel.PrivateFolder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/// A folder for files that are run as code: only the user of this process can have put them there.
final class CodeFolder {
    private static final String ROOT = "root";
    private static final String MODE = "unix:mode";
    private static final int STICKY_BIT = 01000;

    private CodeFolder() {}

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
        PrivateFolder.prepare(folder);
        for (Path above = parent.toRealPath(); above != null; above = above.getParent()) {
            checkAbove(above);
        }
    }

    private static void checkAbove(Path folder) throws IOException {
        var found = Files.readAttributes(folder, PosixFileAttributes.class);
        String owner = found.owner().getName();
        if (!owner.equals(ROOT) && !owner.equals(OwnUser.NAME)) {
            throw new IOException(folder + " belongs to " + owner);
        }
        boolean open =
                found.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                        || found.permissions().contains(PosixFilePermission.GROUP_WRITE);
        if (open && ((int) Files.getAttribute(folder, MODE) & STICKY_BIT) == 0) {
            throw new IOException(folder + " is open to others");
        }
    }
}
