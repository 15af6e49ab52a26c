package io.hyperactor.cli;

import io.hyperactor.host.HostConfig;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.Liveness;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.host.RestartPolicy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// The options of `hyperactor host` that say what its procs are and what becomes of them.
final class HostOptions {
    private static final String RESTART = "--restart";
    private static final String SUSPECT_AFTER = "--suspect-after";
    private static final String KILL_AFTER = "--kill-after";
    private static final String READY_TIMEOUT = "--ready-timeout";
    private static final String STOP_GRACE = "--stop-grace";
    private static final String PROCS_MAX = "--procs-max";
    private static final String FLAG = "--flag";
    private static final String CLASS_PATH = "--class-path";
    private static final String MAIN = "--main";
    private static final String ENV = "--env";
    private static final String INHERIT = "--inherit";

    private static final Duration STOP_GRACE_MAX = Duration.ofMinutes(10);

    private HostOptions() {}

    static CommandSpec addTo(CommandSpec spec) {
        return LimitOptions.addTo(LogOptions.addTo(spec))
                .value(
                        RESTART,
                        "WHEN",
                        "When to restart a proc that ends by itself: permanent (always),"
                                + " transient (unless it exits with status 0), temporary"
                                + " (never). Default: temporary.")
                .duration(
                        SUSPECT_AFTER,
                        "Suspect a proc that is silent for so long. Default: none is" + " watched.")
                .duration(KILL_AFTER, "Kill a proc that is silent for so long. Default: none is.")
                .duration(
                        READY_TIMEOUT,
                        "How long a spawn waits for its turn, and again until its proc is"
                                + " ready, 0s for ever. Default: the"
                                + " variable HYPERACTOR_HOST_SPAWN_READY_TIMEOUT, else"
                                + " 30s.")
                .duration(
                        STOP_GRACE,
                        "How long procs have to end in good order when the host stops, at"
                                + " most 10m. Default: 10s.")
                .value(PROCS_MAX, "N", "How many procs there may be. Default: 1024.")
                .values(
                        FLAG,
                        "FLAG",
                        "A flag for the JVMs of procs, for example --flag=-Xmx64m. Can be"
                                + " given several times.")
                .value(
                        CLASS_PATH,
                        "PATH",
                        "Files and folders with the classes of your procs, separated by"
                                + " '"
                                + File.pathSeparator
                                + "'.")
                .value(
                        MAIN,
                        "CLASS",
                        "The class whose main, which calls ProcMain.run, procs run."
                                + " Default: one without actors of its own.")
                .values(
                        ENV,
                        "NAME=VALUE",
                        "A variable for procs. Everybody on this machine can read it here:"
                                + " no secrets. Can be given several times.")
                .values(
                        INHERIT,
                        "NAME",
                        "A variable that procs take over from the host. Can be given"
                                + " several times.");
    }

    /// How the host behaves.
    ///
    /// @throws CliException.Usage if a value makes no sense
    static HostConfig config(Arguments arguments) {
        HostConfig config = Hosts.config();
        int procsMax = arguments.number(PROCS_MAX).orElse(config.procsMax());
        if (procsMax < 1) {
            throw new CliException.Usage(PROCS_MAX + " " + procsMax + " is less than 1");
        }
        Duration grace = arguments.duration(STOP_GRACE).orElse(config.stopGrace());
        if (grace.compareTo(STOP_GRACE_MAX) > 0) {
            throw new CliException.Usage(STOP_GRACE + " is more than 10m");
        }
        return config.withProcsMax(procsMax, config.spawnsInFlight())
                .withStopGrace(grace)
                .withSpawnReadyTimeout(
                        arguments.duration(READY_TIMEOUT).orElse(config.spawnReadyTimeout()));
    }

    /// What its procs are.
    ///
    /// @throws CliException.Usage if a value makes no sense
    static ProcSpec procs(Arguments arguments) {
        ProcSpec spec =
                ProcSpec.java(java(arguments))
                        .withRestart(restart(arguments))
                        .withLimits(LimitOptions.limits(arguments))
                        .withLogs(LogOptions.policy(arguments));
        spec = liveness(arguments).map(spec::withLiveness).orElse(spec);
        spec = each(arguments, INHERIT, spec, ProcSpec::withInherited);
        return each(arguments, ENV, spec, HostOptions::withVariable);
    }

    private static ProcSpec each(
            Arguments arguments,
            String option,
            ProcSpec spec,
            BiFunction<ProcSpec, String, ProcSpec> with) {
        ProcSpec all = spec;
        for (String value : arguments.values(option)) {
            try {
                all = with.apply(all, value);
            } catch (IllegalArgumentException e) {
                throw new CliException.Usage(option + ": " + e.getMessage());
            }
        }
        return all;
    }

    private static ProcSpec withVariable(ProcSpec spec, String text) {
        int end = text.indexOf('=');
        if (end < 0) {
            throw new IllegalArgumentException("'" + text + "' is not NAME=VALUE");
        }
        return spec.withVariable(text.substring(0, end), text.substring(end + 1));
    }

    private static JavaCommand java(Arguments arguments) {
        List<String> flags = new ArrayList<>(JavaCommand.FLAGS);
        for (String flag : arguments.values(FLAG)) {
            if (!flag.startsWith("-") || flag.contains(" ")) {
                throw new CliException.Usage(FLAG + ": '" + flag + "' is no flag of a JVM");
            }
            flags.add(flag);
        }
        String main = arguments.value(MAIN).orElse(ProcMain.class.getName());
        if (main.isEmpty()
                || !main.codePoints()
                        .allMatch(c -> c == '.' || Character.isJavaIdentifierPart(c))) {
            throw new CliException.Usage(MAIN + ": '" + main + "' is no name of a class");
        }
        return new JavaCommand(
                flags,
                classPath(arguments),
                List.of(),
                Map.of(),
                Optional.empty(),
                main,
                List.of());
    }

    private static List<String> classPath(Arguments arguments) {
        List<String> all =
                new ArrayList<>(ChildClassPath.entries().stream().map(Path::toString).toList());
        String more = arguments.value(CLASS_PATH).orElse("");
        for (String entry : more.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                all.add(existing(entry));
            }
        }
        return all;
    }

    private static String existing(String entry) {
        try {
            Path path = Path.of(entry);
            if (Files.exists(path)) {
                return path.toAbsolutePath().toString();
            }
        } catch (InvalidPathException e) {
            throw new CliException.Usage(CLASS_PATH + ": " + e.getMessage());
        }
        throw new CliException.Usage(CLASS_PATH + ": there is no '" + entry + "'");
    }

    private static RestartPolicy restart(Arguments arguments) {
        String when = arguments.value(RESTART).orElse("temporary");
        return switch (when.toLowerCase(Locale.ROOT)) {
            case "permanent" -> RestartPolicy.PERMANENT;
            case "transient" -> RestartPolicy.TRANSIENT;
            case "temporary" -> RestartPolicy.TEMPORARY;
            default ->
                    throw new CliException.Usage(
                            RESTART + ": '" + when + "' is not permanent, transient or temporary");
        };
    }

    private static Optional<Liveness> liveness(Arguments arguments) {
        Optional<Duration> suspect = arguments.duration(SUSPECT_AFTER);
        Optional<Duration> kill = arguments.duration(KILL_AFTER);
        if (suspect.isEmpty() && kill.isEmpty()) {
            return Optional.empty();
        }
        Duration suspectAfter =
                suspect.orElseGet(() -> min(Liveness.DEFAULT.suspectAfter(), kill.orElseThrow()));
        if (suspectAfter.isZero() || kill.stream().anyMatch(Duration::isZero)) {
            throw new CliException.Usage(SUSPECT_AFTER + " and " + KILL_AFTER + " cannot be 0");
        }
        if (kill.isPresent() && kill.get().compareTo(suspectAfter) < 0) {
            throw new CliException.Usage(KILL_AFTER + " is shorter than " + SUSPECT_AFTER);
        }
        // several questions in that time, so that one late answer is no reason
        Duration interval = min(Liveness.DEFAULT.interval(), suspectAfter.dividedBy(4));
        Liveness watch = Liveness.DEFAULT.withTimes(interval, suspectAfter);
        return Optional.of(kill.map(watch::withKillAfter).orElse(watch));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
