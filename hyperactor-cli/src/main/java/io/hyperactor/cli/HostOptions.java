package io.hyperactor.cli;

import io.hyperactor.host.HostConfig;
import io.hyperactor.host.JavaCommand;
import io.hyperactor.host.Liveness;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.host.RestartPolicy;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

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
                .addOption(
                        Options.value(
                                RESTART,
                                "WHEN",
                                String.class,
                                "When to restart a proc that ends by itself: permanent (always),"
                                        + " transient (unless it exits with status 0), temporary"
                                        + " (never). Default: temporary."))
                .addOption(
                        Options.duration(
                                SUSPECT_AFTER,
                                "Suspect a proc that is silent for so long. Default: none is"
                                        + " watched."))
                .addOption(
                        Options.duration(
                                KILL_AFTER,
                                "Kill a proc that is silent for so long. Default: none is."))
                .addOption(
                        Options.duration(
                                READY_TIMEOUT,
                                "How long a spawn waits for its proc, 0s for ever. Default: the"
                                        + " variable HYPERACTOR_HOST_SPAWN_READY_TIMEOUT, else"
                                        + " 30s."))
                .addOption(
                        Options.duration(
                                STOP_GRACE,
                                "How long procs have to end in good order when the host stops, at"
                                        + " most 10m. Default: 10s."))
                .addOption(
                        Options.value(
                                PROCS_MAX,
                                "N",
                                Integer.class,
                                "How many procs there may be. Default: 1024."))
                .addOption(
                        Options.values(
                                FLAG,
                                "FLAG",
                                "A flag for the JVMs of procs, for example --flag=-Xmx64m. Can be"
                                        + " given several times."))
                .addOption(
                        Options.value(
                                CLASS_PATH,
                                "PATH",
                                String.class,
                                "Files and folders with the classes of your procs, separated by"
                                        + " '"
                                        + File.pathSeparator
                                        + "'."))
                .addOption(
                        Options.value(
                                MAIN,
                                "CLASS",
                                String.class,
                                "The class whose main, which calls ProcMain.run, procs run."
                                        + " Default: one without actors of its own."))
                .addOption(
                        Options.values(
                                ENV,
                                "NAME=VALUE",
                                "A variable for procs. Everybody on this machine can read it here:"
                                        + " no secrets. Can be given several times."))
                .addOption(
                        Options.values(
                                INHERIT,
                                "NAME",
                                "A variable that procs take over from the host. Can be given"
                                        + " several times."));
    }

    /// How the host behaves.
    ///
    /// @throws CliException.Usage if a value makes no sense
    static HostConfig config(ParseResult arguments) {
        HostConfig config = Hosts.config();
        int procsMax = arguments.matchedOptionValue(PROCS_MAX, config.procsMax());
        if (procsMax < 1) {
            throw new CliException.Usage(PROCS_MAX + " " + procsMax + " is less than 1");
        }
        Duration grace = Options.duration(arguments, STOP_GRACE).orElse(config.stopGrace());
        if (grace.compareTo(STOP_GRACE_MAX) > 0) {
            throw new CliException.Usage(STOP_GRACE + " is more than 10m");
        }
        return config.withProcsMax(procsMax, config.spawnsInFlight())
                .withStopGrace(grace)
                .withSpawnReadyTimeout(
                        Options.duration(arguments, READY_TIMEOUT)
                                .orElse(config.spawnReadyTimeout()));
    }

    /// What its procs are.
    ///
    /// @throws CliException.Usage if a value makes no sense
    static ProcSpec procs(ParseResult arguments) {
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
            ParseResult arguments,
            String option,
            ProcSpec spec,
            BiFunction<ProcSpec, String, ProcSpec> with) {
        ProcSpec all = spec;
        for (String value : Options.values(arguments, option)) {
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

    private static JavaCommand java(ParseResult arguments) {
        List<String> flags = new ArrayList<>(JavaCommand.FLAGS);
        for (String flag : Options.values(arguments, FLAG)) {
            if (!flag.startsWith("-") || flag.contains(" ")) {
                throw new CliException.Usage(FLAG + ": '" + flag + "' is no flag of a JVM");
            }
            flags.add(flag);
        }
        String main = arguments.matchedOptionValue(MAIN, ProcMain.class.getName());
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

    private static List<String> classPath(ParseResult arguments) {
        List<String> all =
                new ArrayList<>(ChildClassPath.entries().stream().map(Path::toString).toList());
        String more = arguments.matchedOptionValue(CLASS_PATH, "");
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

    private static RestartPolicy restart(ParseResult arguments) {
        String when = arguments.matchedOptionValue(RESTART, "temporary");
        return switch (when.toLowerCase(Locale.ROOT)) {
            case "permanent" -> RestartPolicy.PERMANENT;
            case "transient" -> RestartPolicy.TRANSIENT;
            case "temporary" -> RestartPolicy.TEMPORARY;
            default ->
                    throw new CliException.Usage(
                            RESTART + ": '" + when + "' is not permanent, transient or temporary");
        };
    }

    private static Optional<Liveness> liveness(ParseResult arguments) {
        Optional<Duration> suspect = Options.duration(arguments, SUSPECT_AFTER);
        Optional<Duration> kill = Options.duration(arguments, KILL_AFTER);
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
