package io.hyperactor.host;

import io.hyperactor.host.AppliedLimit.Means;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// How a shell sets the [ProcLimits] of what it becomes.
final class LimitSettings {
    private static final Path OWN_LIMITS = Path.of("/proc/self/limits");
    private static final List<String> NICE = List.of("/usr/bin/nice", "/bin/nice");
    private static final int BLOCK_BYTES = 512;
    private static final int KIB = 1024;

    /// Where the columns of `/proc/self/limits` begin that hold the name and the hard limit.
    private static final int HARD_COLUMN = 47;

    /// A limit of the kernel.
    ///
    /// @param what it is called here
    /// @param row it is called in `/proc/self/limits`
    /// @param command sets it to the number in the place of `%d`
    /// @param unit of that number, in bytes or pieces
    private record Kind(String what, String row, String command, int unit) {}

    private static final Kind OPEN_FILES =
            new Kind("open files", "Max open files", "ulimit -n %d", 1);

    /// The letter is another one in each shell.
    private static final Kind PROCESSES =
            new Kind(
                    "processes",
                    "Max processes",
                    "if { ulimit -u; } >/dev/null 2>&1;"
                            + " then ulimit -u %1$d; else ulimit -p %1$d; fi",
                    1);

    private static final Kind CORE_BYTES =
            new Kind("core bytes", "Max core file size", "ulimit -c %d", BLOCK_BYTES);
    private static final Kind FILE_BYTES =
            new Kind("file bytes", "Max file size", "ulimit -f %d", BLOCK_BYTES);

    private static final Kind DATA_BYTES =
            new Kind("memory bytes", "Max data size", "ulimit -d %d", KIB);

    private final StringBuilder script = new StringBuilder();
    private final List<AppliedLimit> applied = new ArrayList<>();
    private final String hardLimits;

    private LimitSettings(String hardLimits) {
        this.hardLimits = hardLimits;
    }

    /// Settings for `limits`, but for those of memory and heap: see [#addData].
    ///
    /// @throws LimitRefusedException if one is above what this process has itself
    static LimitSettings of(ProcLimits limits) throws IOException {
        if (limits.equals(ProcLimits.NONE)) {
            return new LimitSettings("");
        }
        boolean known = Files.isReadable(OWN_LIMITS);
        return of(limits, known ? Files.readString(OWN_LIMITS) : "");
    }

    /// @param hardLimits the text of `/proc/self/limits`
    static LimitSettings of(ProcLimits limits, String hardLimits) throws LimitRefusedException {
        var settings = new LimitSettings(hardLimits);
        settings.add(OPEN_FILES, limits.openFiles());
        settings.add(PROCESSES, limits.processes());
        settings.add(CORE_BYTES, limits.coreBytes());
        settings.add(FILE_BYTES, limits.fileBytes());
        if (limits.niceness().isPresent()) {
            settings.addNiceness(limits.niceness().getAsInt());
        }
        return settings;
    }

    /// Limits the memory that each process alone can write, where nothing better is to be had.
    ///
    /// @throws LimitRefusedException if that is above what this process has itself
    void addData(OptionalLong bytes) throws LimitRefusedException {
        add(DATA_BYTES, bytes);
    }

    /// Commands of a shell, empty if there is nothing to set. The last may replace the arguments of
    /// the shell, which are what it becomes in the end.
    String script() {
        return script.toString();
    }

    /// What it sets.
    List<AppliedLimit> applied() {
        return List.copyOf(applied);
    }

    private void add(Kind kind, OptionalLong limit) throws LimitRefusedException {
        if (limit.isEmpty()) {
            return;
        }
        long value = limit.getAsLong();
        checkAgainstOwn(kind, value);
        long units = value / kind.unit() + (value % kind.unit() == 0 ? 0 : 1);
        script.append(String.format(Locale.ROOT, kind.command(), units))
                .append(" || ")
                .append(LimitLine.cannot("limit " + kind.what() + " to " + value));
        applied.add(new AppliedLimit(kind.what(), value, Means.RLIMIT));
    }

    private void checkAgainstOwn(Kind kind, long value) throws LimitRefusedException {
        for (String row : hardLimits.split("\n", -1)) {
            if (row.startsWith(kind.row()) && row.length() > HARD_COLUMN) {
                String hard = row.substring(HARD_COLUMN).strip().split(" ", 2)[0];
                if (!hard.equals("unlimited") && value > Long.parseLong(hard)) {
                    throw new LimitRefusedException(
                            "a limit of %d %s is above the %s of this process itself"
                                    .formatted(value, kind.what(), hard));
                }
            }
        }
    }

    private void addNiceness(int niceness) throws LimitRefusedException {
        String nice =
                NICE.stream()
                        .filter(path -> Files.isExecutable(Path.of(path)))
                        .findFirst()
                        .orElseThrow(() ->
                                new LimitRefusedException(
                                        "a niceness needs " + String.join(" or ", NICE)));
        script.append(String.format(Locale.ROOT, "set -- %s -n %d \"$@\"; ", nice, niceness));
        applied.add(new AppliedLimit("niceness", niceness, Means.NICE));
    }
}
