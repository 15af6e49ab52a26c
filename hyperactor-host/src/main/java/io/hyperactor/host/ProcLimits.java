package io.hyperactor.host;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// What the process of a proc may use at most. Whatever is empty is as for the host itself.
///
/// [#memoryBytes], [#tasks] and [#cpuPercent] hold for everything in the control group of the proc
/// together, where the host has the controllers for that (cgroup v2, or v1 beside it);
/// [AppliedLimit] says whether they do. The others but [#heapBytes] hold for each process that the
/// proc starts, too, one by one, and can never be above what the host itself has: then the launch
/// fails ([LimitRefusedException]).
///
/// All hold for spares, too. The process that writes an AOT cache, and is no proc, has only that of
/// the heap (docs/operations.md, "Quick starts").
///
/// @param memoryBytes what needs more is killed by the kernel, and the end of the proc says so
///   ([Diagnosis.OutOfMemory]). Without the controller, on Linux, for the memory of each of its
///   processes that it alone can write (`RLIMIT_DATA`), and a process that asks for more gets none
/// @param heapBytes for the heap of a proc that is a JVM (`-Xmx`), at least 2 MiB; well below
///   `memoryBytes`, if both are given, for a JVM has more than a heap. No limit for other programs:
///   their launch is refused
/// @param openFiles descriptors, at least 16. A JVM without anything takes about 30
/// @param processes processes and threads of the *user*, wherever they run; does not hold for root
/// @param tasks processes and threads of the proc, at least 1, and no more can be started. A JVM
///   without anything takes about 25
/// @param cpuPercent processor time, in percent of one processor, at least 1: who has used it waits
///   for the next tenth of a second
/// @param coreBytes size of a core file, in steps of 512; 0 for none
/// @param fileBytes size of every file it writes, in steps of 512
/// @param niceness how much it stands back when processors are scarce, besides what the host does:
///   0 to 19
public record ProcLimits(
        OptionalLong memoryBytes,
        OptionalLong heapBytes,
        OptionalLong openFiles,
        OptionalLong processes,
        OptionalLong tasks,
        OptionalLong cpuPercent,
        OptionalLong coreBytes,
        OptionalLong fileBytes,
        OptionalInt niceness) {

    /// No limits of its own.
    public static final ProcLimits NONE =
            new ProcLimits(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalInt.empty());

    private static final long MEMORY_MIN = 1024 * 1024;
    private static final long HEAP_MIN = 2 * 1024 * 1024;
    private static final long OPEN_FILES_MIN = 16;
    private static final int NICENESS_MAX = 19;

    /// @throws IllegalArgumentException if one is too small to run anything, or makes no sense
    public ProcLimits {
        atLeast("memoryBytes", memoryBytes, MEMORY_MIN);
        atLeast("heapBytes", heapBytes, HEAP_MIN);
        atLeast("openFiles", openFiles, OPEN_FILES_MIN);
        atLeast("processes", processes, 1);
        atLeast("tasks", tasks, 1);
        atLeast("cpuPercent", cpuPercent, 1);
        atLeast("coreBytes", coreBytes, 0);
        atLeast("fileBytes", fileBytes, 0);
        niceness.ifPresent(value -> {
            if (value < 0 || value > NICENESS_MAX) {
                throw new IllegalArgumentException(
                        "a niceness of " + value + " is not from 0 to " + NICENESS_MAX);
            }
        });
    }

    private static void atLeast(String what, OptionalLong limit, long least) {
        limit.ifPresent(value -> {
            if (value < least) {
                throw new IllegalArgumentException(
                        "a limit " + what + " of " + value + " is below " + least);
            }
        });
    }

    /// The same with another limit for memory.
    public ProcLimits withMemoryBytes(long bytes) {
        return new ProcLimits(
                OptionalLong.of(bytes),
                heapBytes,
                openFiles,
                processes,
                tasks,
                cpuPercent,
                coreBytes,
                fileBytes,
                niceness);
    }

    /// The same with another limit for the heap.
    public ProcLimits withHeapBytes(long bytes) {
        return new ProcLimits(
                memoryBytes,
                OptionalLong.of(bytes),
                openFiles,
                processes,
                tasks,
                cpuPercent,
                coreBytes,
                fileBytes,
                niceness);
    }

    /// The same with another limit for open files.
    public ProcLimits withOpenFiles(long descriptors) {
        return new ProcLimits(
                memoryBytes,
                heapBytes,
                OptionalLong.of(descriptors),
                processes,
                tasks,
                cpuPercent,
                coreBytes,
                fileBytes,
                niceness);
    }

    /// The same with another limit for processes.
    public ProcLimits withProcesses(long count) {
        return new ProcLimits(
                memoryBytes,
                heapBytes,
                openFiles,
                OptionalLong.of(count),
                tasks,
                cpuPercent,
                coreBytes,
                fileBytes,
                niceness);
    }

    /// The same with another limit for processes and threads of the proc.
    public ProcLimits withTasks(long count) {
        return new ProcLimits(
                memoryBytes,
                heapBytes,
                openFiles,
                processes,
                OptionalLong.of(count),
                cpuPercent,
                coreBytes,
                fileBytes,
                niceness);
    }

    /// The same with another limit for processor time.
    public ProcLimits withCpuPercent(long percent) {
        return new ProcLimits(
                memoryBytes,
                heapBytes,
                openFiles,
                processes,
                tasks,
                OptionalLong.of(percent),
                coreBytes,
                fileBytes,
                niceness);
    }

    /// The same with another limit for core files.
    public ProcLimits withCoreBytes(long bytes) {
        return new ProcLimits(
                memoryBytes,
                heapBytes,
                openFiles,
                processes,
                tasks,
                cpuPercent,
                OptionalLong.of(bytes),
                fileBytes,
                niceness);
    }

    /// The same with another limit for files.
    public ProcLimits withFileBytes(long bytes) {
        return new ProcLimits(
                memoryBytes,
                heapBytes,
                openFiles,
                processes,
                tasks,
                cpuPercent,
                coreBytes,
                OptionalLong.of(bytes),
                niceness);
    }

    /// The same with another niceness.
    public ProcLimits withNiceness(int steps) {
        return new ProcLimits(
                memoryBytes,
                heapBytes,
                openFiles,
                processes,
                tasks,
                cpuPercent,
                coreBytes,
                fileBytes,
                OptionalInt.of(steps));
    }
}
