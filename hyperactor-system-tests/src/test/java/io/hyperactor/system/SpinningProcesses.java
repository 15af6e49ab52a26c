package io.hyperactor.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How busy the machine is: by others, or by processes that a test made spin on purpose.
final class SpinningProcesses implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final double BUSY = 0.15; // of all processors together
    private static final int IDLE = 4; // fields of /proc/stat, after the name
    private static final int WAITING_FOR_DISK = 5;

    private final List<Process> processes = new ArrayList<>();

    private SpinningProcesses(int count) {
        try {
            for (int i = 0; i < count; i++) {
                processes.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    /// As many as system property `faults.load` says.
    static SpinningProcesses asAskedFor() {
        return new SpinningProcesses(Integer.getInteger("faults.load", 0));
    }

    /// So many.
    static SpinningProcesses of(int count) {
        return new SpinningProcesses(count);
    }

    boolean isEmpty() {
        return processes.isEmpty();
    }

    /// Whether the machine works although the caller, between two measurements, does not. Takes a
    /// moment.
    static boolean othersKeepTheMachineBusy() {
        long[] before = ticks();
        Pause.of(LOOK);
        long[] after = ticks();
        return after[0] - before[0] > BUSY * (after[1] - before[1]);
    }

    /// Busy ones and all.
    private static long[] ticks() {
        String all = read("/proc/stat").lines().findFirst().orElseThrow();
        String[] fields = all.split(" +", -1);
        long sum = Stream.of(fields).skip(1).mapToLong(Long::parseLong).sum();
        long idle = Long.parseLong(fields[IDLE]) + Long.parseLong(fields[WAITING_FOR_DISK]);
        return new long[] {sum - idle, sum};
    }

    /// The average of the last minute.
    static String loadAverage() {
        return read("/proc/loadavg").split(" ", -1)[0];
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
