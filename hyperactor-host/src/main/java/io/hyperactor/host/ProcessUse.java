package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a process uses, as `/proc` tells.
///
/// @param rssBytes resident memory, 0 if not known
/// @param cpuMillis processor time of all its threads since its start, 0 if not known
record ProcessUse(long rssBytes, long cpuMillis) {
    static final ProcessUse UNKNOWN = new ProcessUse(0, 0);

    private static final String RSS = "VmRSS:";
    private static final int KIB = 1024;

    /// What `/proc` counts processor time in, on every Linux this runs on.
    private static final int TICKS_PER_SECOND = 100;

    // Fields of /proc/PID/stat, counted from the one after the name.
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /// All unknown if the process is gone, or there is no `/proc`.
    static ProcessUse of(long pid) {
        if (pid <= 0) {
            return UNKNOWN;
        }
        Path folder = Path.of("/proc", Long.toString(pid));
        try {
            return new ProcessUse(
                    rssBytes(Files.readAllLines(folder.resolve("status"))),
                    cpuMillis(Files.readString(folder.resolve("stat"))));
        } catch (IOException e) {
            return UNKNOWN; // it has just ended
        }
    }

    /// @param status the lines of `/proc/PID/status`; a process that is ending has no memory line
    static long rssBytes(List<String> status) {
        for (String line : status) {
            if (line.startsWith(RSS)) {
                String amount = line.substring(RSS.length()).strip().split(" ", -1)[0];
                return Long.parseLong(amount) * KIB;
            }
        }
        return 0;
    }

    /// @param stat the line of `/proc/PID/stat`
    static long cpuMillis(String stat) {
        int name = stat.lastIndexOf(')'); // the name itself may hold anything
        String[] fields = stat.substring(name + 1).strip().split(" ", -1);
        long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
        return ticks * 1000 / TICKS_PER_SECOND;
    }
}
