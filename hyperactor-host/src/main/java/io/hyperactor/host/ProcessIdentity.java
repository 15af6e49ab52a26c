package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One process and no other, also not a later one with the same id; so that whoever finds what it
/// left behind can tell that it is dead. Linux only.
///
/// @param pid its process id
/// @param startTicks when it was started: no other one has both
/// @param pidNamespace where the id is valid; a process elsewhere cannot tell
record ProcessIdentity(long pid, long startTicks, long pidNamespace) {
    private static final int START_TICKS_FIELD = 19; // after the name: the 22nd of them all
    private static final Path OWN = Path.of("/proc/self");

    /// This process.
    ///
    /// @throws IOException if `/proc` does not say
    static ProcessIdentity self() throws IOException {
        if (!isProcOurs()) {
            throw new IOException("/proc is that of another PID namespace");
        }
        long start = startTicks(Files.readString(OWN.resolve("stat")));
        return new ProcessIdentity(ProcessHandle.current().pid(), start, namespace(OWN, "pid"));
    }

    /// Whether the process has certainly ended. One in another time namespace counts its start from
    /// elsewhere, so nothing is certain then.
    boolean isDead() {
        try {
            if (pidNamespace != namespace(OWN, "pid") || !isProcOurs()) {
                return false;
            }
            Path process = Path.of("/proc", String.valueOf(pid));
            if (Files.notExists(process)) {
                return true;
            }
            return startTicks(Files.readString(process.resolve("stat"))) != startTicks
                    && namespace(process, "time") == namespace(OWN, "time");
        } catch (IOException e) {
            return false; // it ended just now, or is another user's
        }
    }

    /// Whether processes have the same ids there as here.
    private static boolean isProcOurs() throws IOException {
        String pid = Files.readSymbolicLink(OWN).toString();
        return pid.equals(String.valueOf(ProcessHandle.current().pid()));
    }

    static long startTicks(String stat) {
        String afterName = stat.substring(stat.lastIndexOf(')') + 2);
        return Long.parseLong(afterName.split(" ", -1)[START_TICKS_FIELD]);
    }

    /// The number in, for example, `pid:[4026531836]`; 0 if this kernel has no such namespaces.
    private static long namespace(Path process, String kind) throws IOException {
        Path link = process.resolve("ns").resolve(kind);
        if (!Files.exists(OWN.resolve("ns").resolve(kind))) {
            return 0;
        }
        String target = Files.readSymbolicLink(link).toString();
        return Long.parseLong(target.substring(target.indexOf('[') + 1, target.indexOf(']')));
    }
}
