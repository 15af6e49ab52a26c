package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The limit of memory of a control group, for which the groups above it must hand the controller
/// down.
final class CgroupMemory {
    private static final String HANDED_DOWN = "cgroup.subtree_control";
    private static final String CONTROLLER = "memory";

    private CgroupMemory() {}

    /// Limits what all processes in `group` have together. When they need more all of them are
    /// killed.
    ///
    /// @param above the groups above it that are ours, from the top
    /// @return whether the limit holds
    static boolean limit(Cgroup group, List<Path> above, long bytes) {
        try {
            for (Path directory : above) {
                handDown(directory.resolve(HANDED_DOWN));
            }
            write(group.directory().resolve("memory.max"), String.valueOf(bytes));
        } catch (IOException e) {
            return false; // no such controller, or processes in a group above, or no right to
        }
        try {
            write(group.directory().resolve("memory.oom.group"), "1");
        } catch (IOException e) {
            // Linux before 4.19: then one of them is killed, which is not worth a refusal.
        }
        return true;
    }

    private static void handDown(Path file) throws IOException {
        if (!List.of(Files.readString(file).strip().split(" ", -1)).contains(CONTROLLER)) {
            write(file, "+" + CONTROLLER);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }
}
