package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The control groups that this process is in: below them, if anywhere, it may make others.
///
/// @param group of v2; where it has moved itself into a [#LEAF], the one above that
/// @param v1 those of controllers of v1
record CgroupHome(Path group, Map<CgroupController, Path> v1) {
    /// A group with processes cannot hand controllers of v2 to those below it. Hosts that need that
    /// move themselves into one of this name first.
    static final String LEAF = "hyperactor-hosts";

    private static final int NAMES_FIELD = 1;
    private static final int PATH_FIELD = 2;
    private static final int ROOT_FIELD = 3;
    private static final int MOUNT_POINT_FIELD = 4;

    CgroupHome {
        v1 = Map.copyOf(v1);
    }

    /// Those of this process; empty if there is no tree of v2, or its group is out of sight.
    static Optional<CgroupHome> find() {
        try {
            return find(
                    Files.readString(Path.of("/proc/self/mountinfo")),
                    Files.readString(Path.of("/proc/self/cgroup")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// @param mounts the text of `/proc/self/mountinfo`
    /// @param own the text of `/proc/self/cgroup`
    static Optional<CgroupHome> find(String mounts, String own) {
        Map<CgroupController, Path> v1 = new EnumMap<>(CgroupController.class);
        for (CgroupController controller : CgroupController.values()) {
            candidates(mounts, own, controller.kernelName()).stream()
                    .filter(Files::isDirectory)
                    .findFirst()
                    .ifPresent(path -> v1.put(controller, path));
        }
        return candidates(mounts, own, "").stream()
                .filter(Files::isDirectory)
                .findFirst()
                .map(path -> new CgroupHome(aboveLeaf(path), v1));
    }

    private static Path aboveLeaf(Path group) {
        Path above = group.getParent();
        return above != null && group.endsWith(LEAF) ? above : group;
    }

    /// The paths that a group may have.
    ///
    /// @param controller of v1; empty for v2
    static List<Path> candidates(String mounts, String own, String controller) {
        List<Path> found = new ArrayList<>();
        for (String line : own.split("\n", -1)) {
            String[] fields = line.split(":", PATH_FIELD + 1);
            if (fields.length > PATH_FIELD && names(fields[NAMES_FIELD]).contains(controller)) {
                Path group = Path.of(fields[PATH_FIELD]);
                for (String mount : mounts.split("\n", -1)) {
                    below(mount, group, controller).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static List<String> names(String list) {
        return List.of(list.split(",", -1));
    }

    /// Where `mount` shows `group`.
    private static Optional<Path> below(String mount, Path group, String controller) {
        String[] fields = mount.split(" ", -1);
        if (fields.length <= MOUNT_POINT_FIELD || !isOf(mount, controller)) {
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

    private static boolean isOf(String mount, String controller) {
        if (controller.isEmpty()) {
            return mount.contains(" - cgroup2 ");
        }
        String options = mount.substring(mount.lastIndexOf(' ') + 1);
        return mount.contains(" - cgroup ") && names(options).contains(controller);
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

    /// Makes way for controllers of v2: moves this process and its children out of the group, into
    /// one below it. The root of the whole tree may keep its processes.
    void makeWay() throws IOException {
        boolean isRoot = !Files.exists(group.resolve("cgroup.type"));
        List<Long> members = isRoot ? List.of() : new Cgroup(group).members();
        long self = ProcessHandle.current().pid();
        if (!members.contains(self)) {
            return;
        }
        Path leaf = group.resolve(LEAF);
        Files.createDirectories(leaf);
        new Cgroup(leaf).add(self);
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            if (members.contains(child.pid())) {
                new Cgroup(leaf).add(child.pid());
            }
        }
    }
}
