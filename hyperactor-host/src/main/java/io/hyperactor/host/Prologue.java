package io.hyperactor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// What a child does before it becomes its program: a shell looks whether its host still lives, for
/// a host that died just before [ParentDeath] was armed is not noticed by that; it joins its
/// control group, so that nothing the program starts can be outside of it; and it sets its limits.
/// If it cannot join a group that limits nothing the program runs all the same. If it cannot join
/// one that does, or cannot limit itself, it does not: see [LimitLine].
///
/// @param command the shell, and what it becomes; or just the program if there is nothing to do
/// @param joins whether it joins the control group
/// @param limits what it sets
record Prologue(List<String> command, boolean joins, List<AppliedLimit> limits) {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final boolean HAS_SHELL = Files.isExecutable(SHELL);

    private static final String TRY_TO_JOIN = "{ echo 0 >\"$1\"; } 2>/dev/null; shift; ";

    /// A shell sets the variables for what it runs, and they were not there before.
    private static final String BECOME = "unset PWD OLDPWD; exec \"$@\"";

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

    /// For `spec`, whose program is at `program`.
    ///
    /// @param group to join, if any
    /// @param host the process that is its parent, or it does not run; 0 for any
    /// @throws LimitRefusedException if a limit cannot be set
    static Prologue of(
            LaunchSpec spec, Path program, Optional<LauncherCgroups.Made> group, long host)
            throws IOException {
        return of(spec, program, group, host, OptionalLong.empty());
    }

    /// @param dataBytes how much memory each of its processes may have that it alone can write; not
    ///   for an environment that a shell would change
    static Prologue of(
            LaunchSpec spec,
            Path program,
            Optional<LauncherCgroups.Made> group,
            long host,
            OptionalLong dataBytes)
            throws IOException {
        var command = new ArrayList<>(spec.command());
        command.set(0, program.toString());
        LimitSettings settings = LimitSettings.of(spec.limits());
        boolean isPossible = isPossible(spec.environment());
        if (!isPossible && !settings.applied().isEmpty()) {
            throw new LimitRefusedException(
                    HAS_SHELL
                            ? "limits are set by a shell, which would change the variables "
                                    + spec.environment().keySet().stream()
                                            .filter(name -> !isHandedOn(name))
                                            .sorted()
                                            .toList()
                            : "limits are set by " + SHELL + ", which is missing");
        }
        if (isPossible) {
            settings.addData(dataBytes);
        }
        boolean joins = group.isPresent() && isPossible;
        List<Path> joined = joins ? group.get().group().processes() : List.of();
        String join = joins && group.get().isLimiting() ? join(group.get()) : TRY_TO_JOIN;
        boolean checks = host != 0 && isPossible;
        if (!joins && !checks && settings.applied().isEmpty()) {
            return new Prologue(command, false, List.of());
        }
        String script =
                (checks
                                ? "[ \"$PPID\" = "
                                        + host
                                        + " ] || exit "
                                        + ControlPipe.HOST_GONE
                                        + "; "
                                : "")
                        + join.repeat(joined.size())
                        + settings.script()
                        + BECOME;
        var shell = new ArrayList<>(LimitLine.shell(SHELL.toString(), script));
        joined.forEach(file -> shell.add(file.toString()));
        shell.addAll(command);
        return new Prologue(shell, joins, settings.applied());
    }

    private static String join(LauncherCgroups.Made group) {
        String limits =
                group.limits().stream()
                        .map(limit -> limit.what() + " to " + limit.value())
                        .collect(Collectors.joining(", "));
        return "echo 0 >\"$1\" || "
                + LimitLine.cannot("join the control group that limits " + limits + ": $1")
                + "shift; ";
    }

    private static boolean isPossible(Map<String, String> environment) {
        return HAS_SHELL && environment.keySet().stream().allMatch(Prologue::isHandedOn);
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
