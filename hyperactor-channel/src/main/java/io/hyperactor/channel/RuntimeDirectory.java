package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The directory for sockets that nobody gave a path: private to the user, or not used.
final class RuntimeDirectory {
    private RuntimeDirectory() {}

    /// In the user's own runtime directory if the system has one, else among the temporary files.
    static Path standard() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty() && Files.isDirectory(Path.of(runtime))) {
            return Path.of(runtime, "hyperactor");
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "hyperactor-" + OwnUser.NAME);
    }

    /// Creates the directory if it is missing, and makes sure that it is ours and ours alone.
    static void prepare(Path directory, ChannelAddress asked) {
        try {
            PrivateFolder.prepare(directory);
        } catch (IOException e) {
            throw new ChannelException.AddressUnusable(
                    asked, "no private runtime directory " + e.getMessage(), e);
        }
    }
}
