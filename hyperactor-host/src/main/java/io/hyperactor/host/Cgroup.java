package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A control group (cgroup v2): a set of processes that descendants join by being born, and that
/// can be killed at once.
///
/// **Threads:** any.
///
/// @param directory its directory
record Cgroup(Path directory) {
    private static final String PROCESSES = "cgroup.procs";
    private static final String KILL = "cgroup.kill"; // from Linux 5.14 on

    /// Makes it.
    ///
    /// @throws IOException if that is impossible, or it could not be killed; nothing is left of it
    static Cgroup make(Path directory) throws IOException {
        Files.createDirectory(directory);
        var group = new Cgroup(directory);
        if (!Files.isWritable(directory.resolve(KILL))) {
            group.remove();
            throw new NoSuchFileException(directory.resolve(KILL).toString());
        }
        return group;
    }

    /// The file into which a process writes `0` to join.
    Path processes() {
        return directory.resolve(PROCESSES);
    }

    /// Has a process join.
    void add(long pid) throws IOException {
        write(PROCESSES, String.valueOf(pid));
    }

    /// Whether a process is in it, and in no group below it.
    boolean holds(long pid) {
        try {
            return Files.readAllLines(processes()).contains(String.valueOf(pid));
        } catch (IOException e) {
            return false; // gone
        }
    }

    /// Kills every process in it and in the groups below it, as the kernel does: not one that is
    /// born meanwhile is missed.
    ///
    /// @return whether that could be said to the kernel, or the group is gone
    boolean kill() {
        try {
            write(KILL, "1");
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Removes it and the groups below it, as far as they have no processes.
    ///
    /// @return whether it is gone
    boolean remove() {
        try {
            try {
                Files.deleteIfExists(directory);
                return true;
            } catch (IOException e) {
                removeBelow();
                Files.deleteIfExists(directory);
                return true;
            }
        } catch (IOException e) {
            return false;
        }
    }

    private void removeBelow() throws IOException {
        try (DirectoryStream<Path> below =
                Files.newDirectoryStream(directory, path -> Files.isDirectory(path))) {
            for (Path path : below) {
                new Cgroup(path).remove();
            }
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text, StandardOpenOption.WRITE);
    }
}
