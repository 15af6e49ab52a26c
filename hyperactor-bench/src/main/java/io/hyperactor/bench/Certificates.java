package io.hyperactor.bench;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/// Certificates for this machine's loopback addresses, which `hyperactor certs` makes when they are
/// first needed. They are gone when this JVM ends.
final class Certificates {
    private static @Nullable Path made;

    private Certificates() {}

    /// The folder with them.
    ///
    /// @throws Unavailable if they can not be made
    static synchronized Path folder() throws Unavailable {
        if (made == null) {
            Path folder = Programs.folder();
            Programs.run(
                    List.of(
                            Programs.ourCommand().toString(),
                            "certs",
                            "--host=localhost,127.0.0.1,::1",
                            folder.toString()));
            made = folder;
        }
        return made;
    }
}
