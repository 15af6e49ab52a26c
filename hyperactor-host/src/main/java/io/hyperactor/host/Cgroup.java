package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// A control group (cgroup v2): a set of processes that descendants join by being born, and that
/// can be killed at once.
///
/// **Threads:** any.
///
/// @param directory its directory
/// @param limiting directories of the same group in the trees of controllers of v1, which limit
///   what is in it and cannot kill it
record Cgroup(Path directory, List<Path> limiting) {
    private static final List<String> MEMORY_EVENTS =
            List.of("memory.events", "memory.oom_control"); // v2, v1
    private static final String OOM_KILL = "oom_kill ";
    private static final String OOM_GROUP = "memory.oom.group";
    private static final String PROCESSES = "cgroup.procs";
    private static final String KILL = "cgroup.kill"; // from Linux 5.14 on

    Cgroup {
        limiting = List.copyOf(limiting);
    }

    /// One that no controllers of v1 limit.
    Cgroup(Path directory) {
        this(directory, List.of());
    }

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

    /// The files into which a process writes `0` to join.
    List<Path> processes() {
        return Stream.concat(Stream.of(directory), limiting.stream())
                .map(path -> path.resolve(PROCESSES))
                .toList();
    }

    /// Has a process join.
    void add(long pid) throws IOException {
        for (Path file : processes()) {
            Files.writeString(file, String.valueOf(pid), StandardOpenOption.WRITE);
        }
    }

    /// Those in it, and in no group below it.
    List<Long> members() throws IOException {
        return Files.readAllLines(directory.resolve(PROCESSES)).stream()
                .map(Long::parseLong)
                .toList();
    }

    /// How many processes in it the kernel has killed because their memory was at its limit; 0 if
    /// nothing limits that.
    long oomKills() {
        return Stream.concat(Stream.of(directory), limiting.stream())
                .flatMap(path -> MEMORY_EVENTS.stream().map(path::resolve))
                .mapToLong(Cgroup::oomKills)
                .sum();
    }

    /// Whether the kernel kills all in it when it kills one because the memory is at the limit.
    boolean diesAsOne() {
        try {
            return Files.readString(directory.resolve(OOM_GROUP)).strip().equals("1");
        } catch (IOException e) {
            return false; // v1, or Linux before 4.19
        }
    }

    private static long oomKills(Path events) {
        try {
            return Files.readAllLines(events).stream()
                    .filter(line -> line.startsWith(OOM_KILL))
                    .mapToLong(line -> Long.parseLong(line.substring(OOM_KILL.length()).strip()))
                    .sum();
        } catch (IOException e) {
            return 0; // no such controller
        }
    }

    /// Whether a process is in it, and in no group below it.
    boolean holds(long pid) {
        try {
            return members().contains(pid);
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
            Files.writeString(directory.resolve(KILL), "1", StandardOpenOption.WRITE);
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
        boolean gone = remove(directory);
        for (Path path : limiting) {
            gone &= remove(path);
        }
        return gone;
    }

    private static boolean remove(Path directory) {
        try {
            try {
                Files.deleteIfExists(directory);
                return true;
            } catch (IOException e) {
                removeBelow(directory);
                Files.deleteIfExists(directory);
                return true;
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static void removeBelow(Path directory) throws IOException {
        try (DirectoryStream<Path> below =
                Files.newDirectoryStream(directory, path -> Files.isDirectory(path))) {
            for (Path path : below) {
                var _ = remove(path);
            }
        }
    }
}
