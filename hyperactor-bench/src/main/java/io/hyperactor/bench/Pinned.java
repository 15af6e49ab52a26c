package io.hyperactor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts programs on one processor, by way of `taskset`.
final class Pinned {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private Pinned() {}

    static List<String> command(List<String> command) throws Unavailable {
        List<String> pinned =
                new ArrayList<>(List.of(Programs.find("taskset").toString(), "-c", firstCpu()));
        pinned.addAll(command);
        return pinned;
    }

    private static String firstCpu() throws Unavailable {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(ALLOWED)) {
                    return line.substring(ALLOWED.length()).strip().split("[-,]", 2)[0];
                }
            }
        } catch (IOException e) {
            throw new Unavailable("can not read " + STATUS);
        }
        throw new Unavailable(STATUS + " lists no processors");
    }
}
