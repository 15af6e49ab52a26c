package io.hyperactor.host;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// What the process of a proc may use at most. Whatever is empty is as for the host itself.
///
/// All but [#memoryBytes] and [#heapBytes] hold for each process that the proc starts, too, one by
/// one, and can never be above what the host itself has: then the launch fails
/// ([LimitRefusedException]).
///
/// @param memoryBytes for everything in the control group of the proc together, and what needs more
///   is killed, where the host has the memory controller of cgroup v2. Elsewhere on Linux for the
///   memory of each of its processes that it alone can write (`RLIMIT_DATA`), and a process that
///   asks for more gets none. [AppliedLimit] says which, or that it does not hold
/// @param heapBytes for the heap of a proc that is a JVM (`-Xmx`), at least 2 MiB; well below
///   `memoryBytes`, if both are given, for a JVM has more than a heap. No limit for other programs:
///   their launch is refused
/// @param openFiles descriptors, at least 16. A JVM without anything takes about 30
/// @param processes processes and threads of the *user*, wherever they run; does not hold for root
/// @param coreBytes size of a core file, in steps of 512; 0 for none
/// @param fileBytes size of every file it writes, in steps of 512
/// @param niceness how much it stands back when processors are scarce, besides what the host does:
///   0 to 19
public record ProcLimits(
        OptionalLong memoryBytes,
        OptionalLong heapBytes,
        OptionalLong openFiles,
        OptionalLong processes,
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
                coreBytes,
                fileBytes,
                OptionalInt.of(steps));
    }
}
