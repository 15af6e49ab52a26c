package io.hyperactor.channel;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Folders that only the user of this process can enter. Where others can write somebody may have
/// put something in the place of one, so whatever is there already is looked at with suspicion.
public final class PrivateFolder {
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /// Makes the folder if it is missing; the one that it is in must be there.
    ///
    /// @throws FileSystemException if it cannot be made, is no folder but perhaps a link to one, or
    ///   belongs or is open to somebody else; it names the folder and the reason
    public static void prepare(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException _) {
            // looked at below, like one of our own: it may have been swapped since
        }
        check(folder);
    }

    /// Whether there is such a folder.
    public static boolean isOne(Path folder) {
        try {
            check(folder);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void check(Path folder) throws IOException {
        PosixFileAttributes found = attributes(folder);
        if (!found.isDirectory()) {
            throw unusable(folder, "it is not a folder");
        }
        if (!isOurs(found)) {
            throw unusable(folder, "it belongs to " + found.owner().getName());
        }
        if (!found.permissions().equals(PRIVATE)) {
            throw unusable(
                    folder,
                    "it is open to others: " + PosixFilePermissions.toString(found.permissions()));
        }
    }

    private static FileSystemException unusable(Path folder, String why) {
        return new FileSystemException(folder.toString(), null, why);
    }

    /// Whether a file in such a folder is one that nobody else can have written: no link, and of
    /// this user.
    public static boolean isOurs(Path file) throws IOException {
        PosixFileAttributes found = attributes(file);
        return found.isRegularFile() && isOurs(found);
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOurs(PosixFileAttributes found) {
        return found.owner().getName().equals(OwnUser.NAME);
    }
}
