package io.hyperactor.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What `/proc` says of processes, for tests that look from outside.
final class OsProcess {
    private OsProcess() {}

    /// Whether the process runs: a zombie does not.
    static boolean isRunning(long pid) {
        return "RSDT".indexOf(state(pid)) >= 0;
    }

    /// The state of a process: `S` asleep, `T` stopped, `Z` a zombie, `-` no such process.
    static char state(long pid) {
        String stat = read("/proc/" + pid + "/stat");
        return stat.isEmpty() ? '-' : stat.charAt(stat.lastIndexOf(')') + 2);
    }

    /// Children of this process, zombies included, but for guardians.
    static List<Long> children() {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .filter(pid -> !isGuardian(pid))
                .toList();
    }

    /// The guardians that process `host` started and that run.
    static List<Long> guardians(long host) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> isRunning(pid) && commandLine(pid).contains(guardianOf(host)))
                .toList();
    }

    private static boolean isGuardian(long pid) {
        return commandLine(pid).contains(guardianOf(ProcessHandle.current().pid()));
    }

    private static String guardianOf(long host) {
        return ": hyperactor guardian of " + host + ";";
    }

    private static String commandLine(long pid) {
        return read("/proc/" + pid + "/cmdline");
    }

    /// The file below `/proc` as text, empty if there is none (any more).
    static String read(String path) {
        try {
            return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /// The descriptors of this process that lead to pipes, processes and pollers: those a launcher
    /// opens.
    static List<String> launcherDescriptors() throws IOException {
        var found = new ArrayList<String>();
        try (var open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("pipe:") || target.contains("anon_inode:[")) {
                        found.add(descriptor.getFileName() + " " + target);
                    }
                } catch (NoSuchFileException e) {
                    // Closed meanwhile.
                }
            }
        }
        return found;
    }
}
