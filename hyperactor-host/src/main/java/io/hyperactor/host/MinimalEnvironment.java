package io.hyperactor.host;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The environment of a child: what a program needs to run here, and what is meant for procs. All
/// else, credentials above all, stays behind.
final class MinimalEnvironment {
    private static final Set<String> NAMES =
            Set.of("PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "XDG_RUNTIME_DIR", "JAVA_HOME");

    private static final Set<String> OF_EACH_PROCESS =
            Set.of(ControlPipe.VARIABLE, ProcMain.ROLE, ProcBoot.SOCKETS);

    private MinimalEnvironment() {}

    /// The part of `environment` that a child may have: `PATH`, `HOME`, `USER`, `LANG`, `LC_*`,
    /// `TZ`, `TMPDIR`, `XDG_RUNTIME_DIR`, `JAVA_HOME` and `HYPERACTOR_*`, but for those that are
    /// each process's own, such as [ControlPipe#VARIABLE].
    ///
    /// @param more names that a child may have as well
    static Map<String, String> of(Map<String, String> environment, Set<String> more) {
        return environment.entrySet().stream()
                .filter(variable ->
                        isAllowed(variable.getKey()) || more.contains(variable.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isAllowed(String name) {
        if (OF_EACH_PROCESS.contains(name)) {
            return false;
        }
        return NAMES.contains(name) || name.startsWith("LC_") || name.startsWith("HYPERACTOR_");
    }
}
