package io.hyperactor.host;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// How the processes of a [ProcessProcManager]'s procs begin: a spare becomes one, or a new process
/// does, with the command, environment and AOT cache that its [ProcSpec] asks for.
///
/// **Threads:** any.
final class ProcStarts implements AutoCloseable {
    private static final Duration SPARE_PAUSE = Duration.ofMillis(100);

    private static final String LOG_PROVIDER = "-Dslf4j.provider=";

    /// No line of SLF4J's own at each start.
    private static final String LOG_VERBOSITY = "-Dslf4j.internal.verbosity=WARN";

    private final ProcSpec standard;
    private final Supplier<ProcLauncher> launcher;
    private final Optional<CrashFiles> crashes;
    private final Supplier<ChannelAddress> callback;
    private final AotCaches aotCaches;
    private final Spares spares;

    /// @param standard how procs are run that nobody gave a spec, and what spares are for
    /// @param launcher asked for each process
    /// @param callback where children report; asked when there is one
    ProcStarts(
            ProcSpec standard,
            Supplier<ProcLauncher> launcher,
            Optional<CrashFiles> crashes,
            Supplier<ChannelAddress> callback) {
        this.standard = standard;
        this.launcher = launcher;
        this.crashes = crashes;
        this.callback = callback;
        this.aotCaches =
                AotCaches.ofThisUser(
                        System.getenv(),
                        ChannelConfig.standard().runtimeDirectory(),
                        new AotTraining(launcher));
        this.spares =
                new Spares(
                        this::launchSpare,
                        Secret::random,
                        () -> jvm(standard, environment(standard)).flatMap(aotCaches::key),
                        this::standardCode,
                        System::nanoTime,
                        SPARE_PAUSE);
    }

    /// What a spare that is started now would run, as far as that can be told; empty if telling it
    /// takes long.
    private Optional<Optional<AotKey>> standardCode() {
        return jvm(standard, environment(standard))
                .map(aotCaches::keyInTime)
                .orElse(Optional.of(Optional.empty()));
    }

    /// Those that wait.
    Spares spares() {
        return spares;
    }

    /// @param fromCache whether there is no need to see to its AOT cache
    record Started(LaunchedProcess process, boolean fromCache) {}

    /// A spare if there is one of this kind, else a new process.
    ///
    /// @throws IOException if it cannot be launched
    Started start(ProcId procId, ChannelAddress forwarder, ProcSpec spec, Secret secret)
            throws IOException {
        Optional<LaunchedProcess> spare =
                spec.startsLike(standard)
                        ? spares.take(new Assignment(procId, forwarder, callback.get(), secret))
                        : Optional.empty();
        return spare.isPresent()
                ? new Started(spare.get(), true) // its cache was seen to when it waited
                : launch(procId.name(), spec, environment(procId, forwarder, spec), secret);
    }

    private Started launch(
            String name, ProcSpec spec, Map<String, String> environment, Secret secret)
            throws IOException {
        if (spec.limits().heapBytes().isPresent()
                && spec.program() instanceof ProcProgram.Command) {
            throw new LimitRefusedException("a limit of heapBytes is for JVMs only");
        }
        List<String> command =
                jvm(spec, environment).map(aotCaches::command).orElseGet(spec.program()::command);
        LaunchedProcess process =
                launcher.get()
                        .launch(
                                new LaunchSpec(
                                        name,
                                        command,
                                        environment,
                                        spec.directory(),
                                        secret.reveal(),
                                        spec.limits()));
        try {
            crashes.ifPresent(files -> files.forget(process.pid())); // an older process's
            return new Started(process, AotCaches.isUsedBy(command));
        } catch (RuntimeException | Error e) { // nobody would know of it
            process.signalGroup(Signals.KILL);
            throw e;
        }
    }

    private LaunchedProcess launchSpare(String name, Secret secret) throws IOException {
        Map<String, String> environment = environment(standard);
        environment.put(ProcMain.ROLE, ProcMain.SPARE);
        environment.put(ProcBoot.CALLBACK_ADDR, callback.get().toString());
        LaunchedProcess process = launch(name, standard, environment, secret).process();
        try {
            var _ = process.exit().thenRun(() -> RehearsalFolder.removeOfChild(process.pid()));
            return process;
        } catch (RuntimeException | Error e) {
            process.signalGroup(Signals.KILL);
            throw e;
        }
    }

    /// Has the AOT cache of such children made, unless there is one or there can be none.
    ///
    /// @return completes when that is settled, with whether there is one; never exceptionally
    CompletableFuture<Boolean> prepareCache(ProcSpec spec) {
        return jvm(spec, environment(spec))
                .map(aotCaches::prepare)
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    private Optional<ChildJvm> jvm(ProcSpec spec, Map<String, String> environment) {
        return switch (spec.program()) {
            case ProcProgram.Command _ -> Optional.empty();
            case ProcProgram.Jvm(JavaCommand java) ->
                    Optional.of(
                            new ChildJvm(
                                    limited(equipped(java), spec.limits()),
                                    environment,
                                    spec.directory()));
        };
    }

    /// A limit wins over the user's own flags.
    private static JavaCommand limited(JavaCommand java, ProcLimits limits) {
        OptionalLong heap = limits.heapBytes();
        return heap.isPresent() ? java.withFlags("-Xmx" + heap.getAsLong()) : java;
    }

    /// With what every child JVM of ours gets; the user's own flags come later, and win.
    private JavaCommand equipped(JavaCommand java) {
        JavaCommand logging = logging(java);
        return crashes.map(CrashFiles::flag).map(logging::withFirstFlag).orElse(logging);
    }

    static JavaCommand logging(JavaCommand java) {
        return java.withFirstFlag(LOG_PROVIDER + StderrLogs.class.getName())
                .withFirstFlag(LOG_VERBOSITY);
    }

    private Map<String, String> environment(
            ProcId procId, ChannelAddress forwarder, ProcSpec spec) {
        Map<String, String> environment = environment(spec);
        environment.put(ProcBoot.PROC_ID, procId.toString());
        environment.put(ProcBoot.BACKEND_ADDR, forwarder.toString());
        environment.put(ProcBoot.CALLBACK_ADDR, callback.get().toString());
        return environment;
    }

    private static Map<String, String> environment(ProcSpec spec) {
        Map<String, String> environment =
                new HashMap<>(MinimalEnvironment.of(System.getenv(), spec.inherits()));
        environment.putAll(spec.environment());
        environment.put(ProcBoot.SOCKETS, SocketMark.ofThisProcess());
        return environment;
    }

    /// No more caches and spares.
    @Override
    public void close() {
        aotCaches.close();
        spares.close();
    }
}
