package io.hyperactor.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a child does before it becomes its program: a shell joins its control group, so that
/// nothing the program starts can be outside of it. If it cannot join the program runs all the
/// same.
final class Prologue {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final boolean HAS_SHELL = Files.isExecutable(SHELL);

    /// A shell sets these for what it runs, and they were not there before.
    private static final String SCRIPT =
            "{ echo 0 >\"$1\"; } 2>/dev/null; unset PWD OLDPWD; shift; exec \"$@\"";

    /// What a shell takes for its own, changes or drops.
    private static final Set<String> OF_THE_SHELL =
            Set.of(
                    "_",
                    "PWD",
                    "OLDPWD",
                    "SHLVL",
                    "IFS",
                    "OPTIND",
                    "PPID",
                    "LINENO",
                    "UID",
                    "EUID",
                    "GROUPS",
                    "DIRSTACK",
                    "FUNCNAME",
                    "RANDOM",
                    "SECONDS",
                    "SHELLOPTS",
                    "ENV",
                    "POSIXLY_CORRECT");

    private Prologue() {}

    /// Whether a shell hands on `environment` as it is.
    static boolean isPossible(Map<String, String> environment) {
        return HAS_SHELL && environment.keySet().stream().allMatch(Prologue::isHandedOn);
    }

    /// `command` in `group`.
    static List<String> joining(Cgroup group, List<String> command) {
        var wrapped = new ArrayList<String>();
        wrapped.addAll(List.of(SHELL.toString(), "-c", SCRIPT, "hyperactor"));
        wrapped.add(group.processes().toString());
        wrapped.addAll(command);
        return wrapped;
    }

    private static boolean isHandedOn(String variable) {
        return !OF_THE_SHELL.contains(variable)
                && !variable.startsWith("BASH")
                && isIdentifier(variable);
    }

    private static boolean isIdentifier(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && (!digit || i == 0)) {
                return false;
            }
        }
        return true;
    }
}
