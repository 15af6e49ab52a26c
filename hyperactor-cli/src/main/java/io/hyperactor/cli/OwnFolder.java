package io.hyperactor.cli;

import io.hyperactor.channel.PrivateFolder;

import java.io.IOException;
import java.nio.file.Path;

/// A [PrivateFolder] that a command cannot do without.
final class OwnFolder {
    private OwnFolder() {}

    /// Makes the folder if it is missing.
    ///
    /// @throws CliException.Failed if it cannot be made, or belongs or is open to somebody else
    static void prepare(Path folder) {
        try {
            PrivateFolder.prepare(folder);
        } catch (IOException e) {
            throw new CliException.Failed(
                    "no private folder " + folder + ": " + CliException.reason(e), e);
        }
    }
}
