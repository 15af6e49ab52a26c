package io.hyperactor.cli;

import io.hyperactor.channel.OwnUser;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// A folder that only its owner, the user of this process, can enter. Above it may be one that
/// anybody writes to, so whatever is there already is looked at with suspicion.
final class PrivateFolder {
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /// Makes the folder if it is missing.
    ///
    /// @throws CliException.Failed if it cannot be made, or belongs or is open to somebody else
    static void prepare(Path folder) {
        try {
            try {
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
            } catch (FileAlreadyExistsException _) {
                // looked at below, like one of our own: it may have been swapped since
            }
            Optional<String> wrong = wrongWith(folder);
            if (wrong.isPresent()) {
                throw new CliException.Failed("the private folder " + folder + " " + wrong.get());
            }
        } catch (IOException e) {
            throw new CliException.Failed(
                    "no private folder " + folder + ": " + CliException.reason(e), e);
        }
    }

    /// Whether there is such a folder.
    static boolean isOne(Path folder) {
        try {
            return wrongWith(folder).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<String> wrongWith(Path folder) throws IOException {
        var found =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory()) {
            return Optional.of("is not a folder");
        }
        if (!found.owner().getName().equals(OwnUser.NAME)) {
            return Optional.of("belongs to " + found.owner().getName());
        }
        return found.permissions().equals(PRIVATE)
                ? Optional.empty()
                : Optional.of("is open to others");
    }
}
