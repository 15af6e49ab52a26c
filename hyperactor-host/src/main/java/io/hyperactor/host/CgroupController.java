package io.hyperactor.host;

import io.hyperactor.host.AppliedLimit.Means;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What limits a control group as a whole, one of [ProcLimits] each.
enum CgroupController {
    /// Of the memory of all processes in a group. When they need more the kernel kills: with v2 all
    /// of them, with v1 one.
    MEMORY("memory bytes") {
        @Override
        OptionalLong limit(ProcLimits limits) {
            return limits.memoryBytes();
        }

        @Override
        void set(Path group, long bytes) throws IOException {
            write(group, "memory.max", bytes);
            writeIfThere(group, "memory.oom.group", 1); // Linux 4.19: else one of them is killed
            writeIfThere(group, "memory.swap.max", 0); // else the rest would be swapped out
        }

        @Override
        void setV1(Path group, long bytes) throws IOException {
            write(group, "memory.limit_in_bytes", bytes);
            writeIfThere(group, "memory.memsw.limit_in_bytes", bytes); // with what is swapped out
        }
    },

    /// Of the number of processes and threads.
    PIDS("tasks") {
        @Override
        OptionalLong limit(ProcLimits limits) {
            return limits.tasks();
        }

        @Override
        void set(Path group, long count) throws IOException {
            write(group, "pids.max", count);
        }
    },

    /// Of processor time: so much in each period.
    CPU("cpu percent") {
        @Override
        OptionalLong limit(ProcLimits limits) {
            return limits.cpuPercent();
        }

        @Override
        void set(Path group, long percent) throws IOException {
            write(group, "cpu.max", percent * PERIOD_MICROS / 100 + " " + PERIOD_MICROS);
        }

        @Override
        void setV1(Path group, long percent) throws IOException {
            write(group, "cpu.cfs_period_us", PERIOD_MICROS);
            write(group, "cpu.cfs_quota_us", percent * PERIOD_MICROS / 100);
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(CgroupController.class);
    private static final long PERIOD_MICROS = 100_000;
    private static final String OFFERED = "cgroup.controllers";
    private static final String HANDED_DOWN = "cgroup.subtree_control";

    private final String what;

    CgroupController(String what) {
        this.what = what;
    }

    /// Its name for the kernel.
    String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What [AppliedLimit] calls it.
    String what() {
        return what;
    }

    /// The one of these limits that is its own.
    abstract OptionalLong limit(ProcLimits limits);

    /// Limits a group of v2.
    ///
    /// @throws IOException if it does not have the controller
    abstract void set(Path group, long value) throws IOException;

    /// Limits a group of v1; unless it says otherwise just as one of v2.
    ///
    /// @throws IOException if that is refused
    void setV1(Path group, long value) throws IOException {
        set(group, value);
    }

    /// Whether it, or something in its place, sees to its limit.
    boolean isIn(List<AppliedLimit> limits) {
        return limits.stream().anyMatch(limit -> limit.what().equals(what));
    }

    /// The limits that only a control group could see to, and that are not among `applied`.
    static List<AppliedLimit> notActive(ProcLimits asked, List<AppliedLimit> applied) {
        return Stream.of(values())
                .filter(controller -> !controller.isIn(applied))
                .flatMap(controller -> controller.notActive(asked).stream())
                .toList();
    }

    private List<AppliedLimit> notActive(ProcLimits asked) {
        return limit(asked).stream()
                .mapToObj(value -> new AppliedLimit(what, value, Means.NOTHING))
                .toList();
    }

    /// Whether a group of v2 has it.
    boolean isOffered(Path group) throws IOException {
        return names(group.resolve(OFFERED)).contains(kernelName());
    }

    private static List<String> names(Path file) throws IOException {
        return List.of(Files.readString(file).strip().split(" ", -1));
    }

    /// Hands it from each of these groups of v2, from the top, to those below it.
    ///
    /// @throws IOException if the topmost does not have it, or processes, or others say who has
    void handDown(List<Path> groups) throws IOException {
        for (Path group : groups) {
            Path file = group.resolve(HANDED_DOWN);
            if (!names(file).contains(kernelName())) {
                Files.writeString(file, "+" + kernelName(), StandardOpenOption.WRITE);
            }
        }
    }

    /// What not every kernel has, and is not worth a refusal.
    private static void writeIfThere(Path group, String file, long value) {
        try {
            write(group, file, value);
        } catch (IOException e) {
            LOG.debug("{} of {} is not set: {}", file, group, e.toString());
        }
    }

    private static void write(Path group, String file, Object text) throws IOException {
        Files.writeString(group.resolve(file), String.valueOf(text), StandardOpenOption.WRITE);
    }
}
