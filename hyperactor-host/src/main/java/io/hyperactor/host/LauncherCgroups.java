package io.hyperactor.host;

import io.hyperactor.host.AppliedLimit.Means;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// The control groups of one launcher: one below the group of this process, and in that one for
/// each child. It makes them as they are needed and removes them when they are empty, also those
/// that a process which is dead left behind.
///
/// Where they cannot be made there are none, and that is no error.
///
/// **Threads:** one.
final class LauncherCgroups {
    private static final Logger LOG = LoggerFactory.getLogger(LauncherCgroups.class);
    private static final AtomicInteger LAUNCHERS = new AtomicInteger();

    private static final String READ_ONLY = "Read-only file system"; // EROFS

    /// How long a group is waited for whose processes were killed.
    static final long REMOVE_LIMIT_NANOS = 5_000_000_000L;

    private record Retired(Cgroup group, long since) {}

    private final Optional<CgroupHome> home;
    private final LongSupplier nanoTime;
    private final Queue<Retired> retired = new ArrayDeque<>();
    private @Nullable Cgroup own;
    private boolean unusable;
    private int children;

    /// @param home where groups may perhaps be made
    /// @param nanoTime a clock like [System#nanoTime()]
    LauncherCgroups(Optional<CgroupHome> home, LongSupplier nanoTime) {
        this.home = home;
        this.nanoTime = nanoTime;
    }

    /// A group for a child.
    ///
    /// @param limits that hold in it
    record Made(Cgroup group, List<AppliedLimit> limits) {
        /// Whether a process outside of it would have fewer limits.
        boolean isLimiting() {
            return !limits.isEmpty();
        }
    }

    /// A new group for a child; [#retire] it when the child has been reaped. Empty if there can be
    /// none.
    Optional<Made> forChild(ProcLimits limits) {
        if (home.isEmpty() || unusable) {
            return Optional.empty();
        }
        try {
            Cgroup launcher = own == null ? makeOwn(home.get()) : own;
            own = launcher;
            String name = "proc-" + ++children;
            Cgroup group = Cgroup.make(launcher.directory().resolve(name));
            return Optional.of(limited(group, home.get(), limits));
        } catch (IOException e) {
            unusable = own == null && isForGood(e);
            LOG.debug("no control group for a child", e);
            return Optional.empty();
        }
    }

    /// Whether it will never be otherwise: there is no right to make groups, or no place for them.
    /// What has only run out, such as descriptors, comes back.
    private static boolean isForGood(IOException e) {
        return e instanceof AccessDeniedException
                || e instanceof NoSuchFileException
                || (e instanceof FileSystemException of && READ_ONLY.equals(of.getReason()));
    }

    /// A group that was just made, with what of the limits can hold in it.
    static Made limited(Cgroup group, CgroupHome home, ProcLimits limits) {
        List<AppliedLimit> applied = new ArrayList<>();
        List<Path> limiting = new ArrayList<>();
        for (CgroupController controller : CgroupController.values()) {
            OptionalLong limit = controller.limit(limits);
            try {
                if (limit.isPresent()
                        && set(controller, limit.getAsLong(), group, home, limiting)) {
                    applied.add(
                            new AppliedLimit(controller.what(), limit.getAsLong(), Means.CGROUP));
                }
            } catch (IOException e) { // others' processes in a group above, or no right to
                LOG.debug("no limit of {}", controller.what(), e);
            }
        }
        return new Made(new Cgroup(group.directory(), limiting), applied);
    }

    /// @param limiting gets the group of a controller of v1
    /// @return whether there is such a controller
    private static boolean set(
            CgroupController controller,
            long value,
            Cgroup group,
            CgroupHome home,
            List<Path> limiting)
            throws IOException {
        Path directory = group.directory();
        Path v1 = home.v1().get(controller);
        if (v1 != null) {
            Path same = v1.resolve(home.group().relativize(directory));
            limiting.add(Files.createDirectories(same));
            controller.setV1(same, value);
            return true;
        }
        if (!controller.isOffered(home.group())) {
            return false;
        }
        home.makeWay();
        controller.handDown(List.of(home.group(), directory.getParent()));
        controller.set(directory, value);
        return true;
    }

    private static Cgroup makeOwn(CgroupHome home) throws IOException {
        String name = CgroupOwner.self(LAUNCHERS.incrementAndGet()).groupName();
        List<Path> limiting = home.v1().values().stream().map(v1 -> v1.resolve(name)).toList();
        Cgroup own = Cgroup.make(home.group().resolve(name));
        return new Cgroup(own.directory(), limiting);
    }

    /// Whether there will be groups, as far as can be said before the first is made.
    boolean areExpected() {
        return home.isPresent() && !unusable && Files.isWritable(home.get().group());
    }

    /// The group in which those of all children are.
    Optional<Path> directory() {
        return Optional.ofNullable(own).map(Cgroup::directory);
    }

    /// Has everything in a group killed, and the group removed as soon as that is gone.
    void retire(Cgroup group) {
        if (!group.remove()) { // in most cases nothing is left
            group.kill();
            retired.add(new Retired(group, nanoTime.getAsLong()));
        }
    }

    /// Retires the groups of launchers whose process is dead.
    void retireStale() {
        if (home.isEmpty()) {
            return;
        }
        retireStale(home.get().group());
        home.get().v1().values().stream().distinct().forEach(this::retireStale);
    }

    private void retireStale(Path in) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(in, CgroupOwner.PREFIX + "*")) {
            for (Path path : found) {
                Optional<CgroupOwner> owner = CgroupOwner.parse(path.getFileName().toString());
                if (owner.isPresent() && owner.get().isDead()) {
                    LOG.debug("removing {}, which a dead process left", path);
                    retire(new Cgroup(path));
                }
            }
        } catch (IOException e) {
            LOG.debug("left control groups not removed", e);
        }
    }

    /// Tries again to remove what was retired.
    ///
    /// @return whether nothing is left that is worth another try
    boolean sweep() {
        for (int i = retired.size(); i > 0; i--) {
            Retired next = retired.remove();
            if (next.group().remove()) {
                continue;
            }
            if (nanoTime.getAsLong() - next.since() >= REMOVE_LIMIT_NANOS) {
                LOG.warn("{} cannot be removed: something in it cannot be killed", next.group());
                continue;
            }
            next.group().kill();
            retired.add(next);
        }
        return retired.isEmpty();
    }

    /// Removes the group of the launcher. There must be nothing left in it.
    void close() {
        if (own != null) {
            own.remove();
        }
    }
}
