package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory a process has resident, as `/proc` tells.
final class ResidentMemory {
    private static final String FIELD = "VmRSS:";
    private static final int KIB = 1024;

    private ResidentMemory() {}

    /// 0 if the process is gone, or there is no `/proc`.
    static long bytes(long pid) {
        if (pid <= 0) {
            return 0;
        }
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith(FIELD)) {
                    String amount = line.substring(FIELD.length()).strip().split(" ", -1)[0];
                    return Long.parseLong(amount) * KIB;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0; // it has just ended
        }
        return 0;
    }
}
