package io.hyperactor.channel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The user that this process runs as.
public final class OwnUser {
    /// Named as file owners and peers are: by name, or by number if it has no name, as in many
    /// containers.
    public static final String NAME =
            ProcessHandle.current().info().user().orElseGet(OwnUser::ownerOfThisProcess);

    private OwnUser() {}

    /// What the JVM says of a user without a name is `?`.
    private static String ownerOfThisProcess() {
        try {
            return Files.getOwner(Path.of("/proc/self")).getName();
        } catch (IOException | UnsupportedOperationException e) {
            return System.getProperty("user.name", "?");
        }
    }
}
