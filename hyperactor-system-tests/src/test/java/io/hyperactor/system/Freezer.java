package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A cgroup whose processes can be frozen so that not even SIGKILL ends them before they are
/// thawed: that of cgroup v1, for in v2 it does. **Closing:** thaws, and removes the group when it
/// is empty.
final class Freezer implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup/freezer");

    private final Path group;

    private Freezer(Path group) {
        this.group = group;
    }

    /// @throws AssertionError if this machine or user has no freezer
    static Freezer make() throws IOException {
        assertThat(Files.isWritable(ROOT))
                .as("this row needs root, and the freezer of cgroup v1 at %s", ROOT)
                .isTrue();
        return new Freezer(
                Files.createDirectory(ROOT.resolve("hyperactor-it-" + OsProcess.current().pid())));
    }

    void add(long pid) throws IOException {
        Files.writeString(group.resolve("cgroup.procs"), String.valueOf(pid));
    }

    void freeze() throws IOException {
        become("FROZEN");
    }

    void thaw() throws IOException {
        become("THAWED");
    }

    private void become(String state) throws IOException {
        Path file = group.resolve("freezer.state");
        Files.writeString(file, state);
        await().atMost(Patience.LIMIT).until(() -> Files.readString(file).strip().equals(state));
    }

    @Override
    public void close() {
        try {
            thaw();
            await("an empty " + group)
                    .atMost(Patience.LIMIT)
                    .until(() -> Files.readString(group.resolve("cgroup.procs")).isEmpty());
            Files.delete(group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
