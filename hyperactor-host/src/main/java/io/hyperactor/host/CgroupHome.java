package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the control group (cgroup v2) that this process is in: below it, if anywhere, it may make
/// others.
final class CgroupHome {
    private static final String OWN_PREFIX = "0::";
    private static final int ROOT_FIELD = 3;
    private static final int MOUNT_POINT_FIELD = 4;

    private CgroupHome() {}

    /// The directory of the group of this process; empty if there is no such tree, or the group is
    /// out of sight.
    static Optional<Path> find() {
        try {
            String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
            String own = Files.readString(Path.of("/proc/self/cgroup"));
            return candidates(mounts, own).stream().filter(Files::isDirectory).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The paths that the group may have.
    ///
    /// @param mounts the text of `/proc/self/mountinfo`
    /// @param own the text of `/proc/self/cgroup`
    static List<Path> candidates(String mounts, String own) {
        List<Path> found = new ArrayList<>();
        for (String line : own.split("\n", -1)) {
            if (line.startsWith(OWN_PREFIX)) {
                Path group = Path.of(line.substring(OWN_PREFIX.length()));
                for (String mount : mounts.split("\n", -1)) {
                    below(mount, group).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /// Where `mount` shows `group`.
    private static Optional<Path> below(String mount, Path group) {
        int end = mount.indexOf(" - cgroup2 ");
        String[] fields = mount.split(" ", -1);
        if (end < 0 || fields.length <= MOUNT_POINT_FIELD) {
            return Optional.empty();
        }
        Path root = Path.of(unescape(fields[ROOT_FIELD]));
        boolean isOutside = !group.startsWith(root) || !group.normalize().equals(group);
        return isOutside
                ? Optional.empty()
                : Optional.of(
                        Path.of(unescape(fields[MOUNT_POINT_FIELD]))
                                .resolve(root.relativize(group)));
    }

    /// The kernel writes blanks and the like as a backslash with three octal digits.
    private static String unescape(String text) {
        var plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length()) {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
