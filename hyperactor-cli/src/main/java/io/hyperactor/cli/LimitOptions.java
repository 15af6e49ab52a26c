package io.hyperactor.cli;

import io.hyperactor.host.ProcLimits;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The options of `hyperactor host` that say what its procs may use.
final class LimitOptions {
    private static final String MEMORY = "--memory";
    private static final String HEAP = "--heap";
    private static final String OPEN_FILES = "--open-files";
    private static final String PROCESSES = "--processes";
    private static final String TASKS = "--tasks";
    private static final String CPU = "--cpu";
    private static final String NICE = "--nice";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmgt]?)");
    private static final String UNITS = "kmgt";
    private static final int UNIT_BITS = 10;

    private LimitOptions() {}

    static CommandSpec addTo(CommandSpec spec) {
        return spec.value(
                        MEMORY,
                        "SIZE",
                        "How much memory a proc may have, for example 512m, with all that"
                                + " it starts, or each process where there are no control"
                                + " groups for that.")
                .value(HEAP, "SIZE", "How large the heap of a proc may get.")
                .value(OPEN_FILES, "N", "How many files each process may have open.")
                .value(
                        PROCESSES,
                        "N",
                        "How many processes and threads the user may have; not for root.")
                .value(
                        TASKS,
                        "N",
                        "How many processes and threads a proc may have, with all that it"
                                + " starts; where there are control groups for that.")
                .value(
                        CPU,
                        "PERCENT",
                        "How much processor time a proc may have, with all that it starts,"
                                + " in percent of one processor; where there are control"
                                + " groups for that.")
                .value(NICE, "N", "How much procs stand back: 0 to 19.");
    }

    /// The limits that are given.
    ///
    /// @throws CliException.Usage if one makes no sense
    static ProcLimits limits(Arguments arguments) {
        try {
            ProcLimits limits = ProcLimits.NONE;
            limits = size(arguments, MEMORY).map(limits::withMemoryBytes).orElse(limits);
            limits = size(arguments, HEAP).map(limits::withHeapBytes).orElse(limits);
            limits = number(arguments, OPEN_FILES).map(limits::withOpenFiles).orElse(limits);
            limits = number(arguments, PROCESSES).map(limits::withProcesses).orElse(limits);
            limits = number(arguments, TASKS).map(limits::withTasks).orElse(limits);
            limits = number(arguments, CPU).map(limits::withCpuPercent).orElse(limits);
            return number(arguments, NICE)
                    .map(Math::toIntExact)
                    .map(limits::withNiceness)
                    .orElse(limits);
        } catch (IllegalArgumentException e) {
            throw new CliException.Usage(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Long> number(Arguments arguments, String name) {
        return arguments.number(name).map(Integer::longValue);
    }

    private static Optional<Long> size(Arguments arguments, String name) {
        return arguments.value(name).map(size -> bytes(name, size));
    }

    private static long bytes(String option, String text) {
        Matcher parts = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new CliException.Usage(option + ": '" + text + "' is no size such as 512m or 2g");
        }
        int unit = parts.group(2).isEmpty() ? 0 : UNITS.indexOf(parts.group(2)) + 1;
        long count = Long.parseLong(parts.group(1));
        if (count > Long.MAX_VALUE >> (unit * UNIT_BITS)) {
            throw new CliException.Usage(option + ": '" + text + "' is too much");
        }
        return count << (unit * UNIT_BITS);
    }
}
