package io.hyperactor.host;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How a proc is run in a process of its own.
///
/// @param program what the process runs
/// @param environment variables the process gets besides those it inherits; public, like a command
/// @param inherits names of more variables that it takes over from the host's environment, besides
///   `PATH HOME USER LANG LC_* TZ TMPDIR XDG_RUNTIME_DIR JAVA_HOME` and those of `HYPERACTOR_*`
///   that its host does not set anew for each
/// @param directory where it starts; empty for the host's own
/// @param limits what its process may use at most
/// @param readyTimeout how long a spawn waits until it is ready, zero for ever; empty for
///   [HostConfig#spawnReadyTimeout()]
/// @param readyActor the name of an actor that must answer an [EchoMessage] before the proc counts
///   as ready; empty if having called back is enough
/// @param liveness how the host watches that it still answers; empty if it does not
/// @param restart what the host does when it ends by itself
/// @param stopGrace how long it has to end in good order when all procs of the host are ended;
///   empty for what the host gives
/// @param logs what the host keeps of what it prints and logs
/// @param controlsHosts whether it may send to the [HostAgent] of its host, or of another, and to
///   the [io.hyperactor.ProcAgent] of other procs
public record ProcSpec(
        ProcProgram program,
        Map<String, String> environment,
        Set<String> inherits,
        Optional<Path> directory,
        ProcLimits limits,
        Optional<Duration> readyTimeout,
        Optional<String> readyActor,
        Optional<Liveness> liveness,
        RestartPolicy restart,
        Optional<Duration> stopGrace,
        LogPolicy logs,
        boolean controlsHosts) {
    private static final Set<String> RESERVED =
            Set.of(
                    ProcBoot.PROC_ID,
                    ProcBoot.BACKEND_ADDR,
                    ProcBoot.CALLBACK_ADDR,
                    ProcBoot.SOCKETS,
                    ProcMain.ROLE,
                    LaunchMarks.VARIABLE,
                    ControlPipe.VARIABLE);

    /// @throws IllegalArgumentException if a variable has no name, or one that is the host's to
    ///   give, or a time is negative
    /// @throws io.hyperactor.wire.InvalidNameException if no actor can have the name of
    ///   `readyActor`
    public ProcSpec {
        environment = Map.copyOf(environment);
        inherits = Set.copyOf(inherits);
        environment.keySet().forEach(ProcSpec::checkVariable);
        inherits.forEach(ProcSpec::checkVariable);
        readyActor.ifPresent(ProcSpec::checkActor);
        readyTimeout.ifPresent(time -> checkTime("readyTimeout", time));
        stopGrace.ifPresent(time -> checkTime("stopGrace", time));
    }

    private static void checkTime(String what, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(what + " of " + time);
        }
    }

    private static void checkActor(String name) {
        var _ = new ProcId(new ChannelAddress.Local(0), "any").actor(name, 0);
    }

    private static void checkVariable(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is no name of a variable");
        }
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("the variable " + name + " is the host's to give");
        }
    }

    /// A JVM, and the defaults.
    public static ProcSpec java(JavaCommand java) {
        return new Draft(new ProcProgram.Jvm(java)).spec();
    }

    /// A JVM like this one that runs `main` of a class, and the defaults.
    public static ProcSpec java(Class<?> main) {
        return java(JavaCommand.of(main));
    }

    /// Any program, and the defaults.
    public static ProcSpec command(List<String> command) {
        return new Draft(new ProcProgram.Command(command)).spec();
    }

    /// The same with one more variable.
    public ProcSpec withVariable(String name, String value) {
        Draft draft = draft();
        draft.environment.put(name, value);
        return draft.spec();
    }

    /// The same with one more variable of the host's environment.
    public ProcSpec withInherited(String name) {
        Draft draft = draft();
        draft.inherits.add(name);
        return draft.spec();
    }

    /// The same in another directory.
    public ProcSpec withDirectory(Path directory) {
        Draft draft = draft();
        draft.directory = Optional.of(directory);
        return draft.spec();
    }

    /// The same with other limits.
    public ProcSpec withLimits(ProcLimits limits) {
        Draft draft = draft();
        draft.limits = limits;
        return draft.spec();
    }

    /// The same with another limit for its spawn; zero is none.
    public ProcSpec withReadyTimeout(Duration limit) {
        Draft draft = draft();
        draft.readyTimeout = Optional.of(limit);
        return draft.spec();
    }

    /// The same, ready only when this actor answers.
    public ProcSpec withReadyActor(String name) {
        Draft draft = draft();
        draft.readyActor = Optional.of(name);
        return draft.spec();
    }

    /// The same, watched.
    public ProcSpec withLiveness(Liveness watch) {
        Draft draft = draft();
        draft.liveness = Optional.of(watch);
        return draft.spec();
    }

    /// The same with another restart policy.
    public ProcSpec withRestart(RestartPolicy policy) {
        Draft draft = draft();
        draft.restart = policy;
        return draft.spec();
    }

    /// The same with another grace.
    public ProcSpec withStopGrace(Duration grace) {
        Draft draft = draft();
        draft.stopGrace = Optional.of(grace);
        return draft.spec();
    }

    /// The same with another log policy.
    public ProcSpec withLogs(LogPolicy policy) {
        Draft draft = draft();
        draft.logs = policy;
        return draft.spec();
    }

    /// The same for a proc that may spawn, stop and watch procs, read their logs, and start actors
    /// in them, as whoever reaches the host's frontend may: it may send to every [HostAgent], and
    /// to the [io.hyperactor.ProcAgent] of every proc. Others may not.
    public ProcSpec withHostControl() {
        Draft draft = draft();
        draft.controlsHosts = true;
        return draft.spec();
    }

    private Draft draft() {
        Draft draft = new Draft(program);
        draft.environment.putAll(environment);
        draft.inherits.addAll(inherits);
        draft.directory = directory;
        draft.limits = limits;
        draft.readyTimeout = readyTimeout;
        draft.readyActor = readyActor;
        draft.liveness = liveness;
        draft.restart = restart;
        draft.stopGrace = stopGrace;
        draft.logs = logs;
        draft.controlsHosts = controlsHosts;
        return draft;
    }

    /// Whether a process that was started for the one can be taken for the other. The rest of a
    /// spec is about what happens around the process.
    boolean startsLike(ProcSpec other) {
        return program.equals(other.program)
                && environment.equals(other.environment)
                && inherits.equals(other.inherits)
                && directory.equals(other.directory)
                && limits.equals(other.limits);
    }

    /// A spec in the making: one place that names every part.
    private static final class Draft {
        private final ProcProgram program;
        private final Map<String, String> environment = new TreeMap<>();
        private final Set<String> inherits = new TreeSet<>();
        private Optional<Path> directory = Optional.empty();
        private ProcLimits limits = ProcLimits.NONE;
        private Optional<Duration> readyTimeout = Optional.empty();
        private Optional<String> readyActor = Optional.empty();
        private Optional<Liveness> liveness = Optional.empty();
        private RestartPolicy restart = RestartPolicy.TEMPORARY;
        private Optional<Duration> stopGrace = Optional.empty();
        private LogPolicy logs = LogPolicy.defaults();
        private boolean controlsHosts;

        Draft(ProcProgram program) {
            this.program = program;
        }

        ProcSpec spec() {
            return new ProcSpec(
                    program,
                    environment,
                    inherits,
                    directory,
                    limits,
                    readyTimeout,
                    readyActor,
                    liveness,
                    restart,
                    stopGrace,
                    logs,
                    controlsHosts);
        }
    }
}
