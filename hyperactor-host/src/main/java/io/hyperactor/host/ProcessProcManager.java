package io.hyperactor.host;

import io.hyperactor.Instance;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.Protocols;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Peer;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// Runs each proc in an operating-system process of its own.
///
/// A child learns from its environment who it is ([ProcBoot#PROC_ID]), where to send to
/// ([ProcBoot#BACKEND_ADDR]) and where to report ([ProcBoot#CALLBACK_ADDR]). It and its host know
/// each other by a secret that it alone was given, over an inherited pipe. The end of that pipe
/// also tells it that the host has died, and then it ends too; on Linux the kernel sees to that as
/// well.
///
/// **Threads:** any, also several at once. **Closing:** the host closes it; that kills what still
/// runs.
///
/// @param <A> the protocol of the agents
public final class ProcessProcManager<A>
        implements ProcManager<A>, SingleTerminate, BulkTerminate, LogKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessProcManager.class);
    private static final Duration SPARE_PAUSE = Duration.ofMillis(100);
    private static final int SOCKET_AGAIN_MILLIS = 200;
    private static final String LOG_PROVIDER = "slf4j.provider";
    private static final String LOG_VERBOSITY = "slf4j.internal.verbosity";

    private final ProcSpec spec;
    private final MessageType<A> agentType;
    private final OpenLauncher launcher;
    private final AotCaches aotCaches;
    private final Spares spares;
    private final Channels channels;
    private final Callbacks<A> callbacks;
    private final Map<ProcId, ProcessProcHandle<A>> children = // the oldest first
            Collections.synchronizedMap(new LinkedHashMap<>());
    private final Set<ProcessProcHandle<A>> untidy = ConcurrentHashMap.newKeySet(); // ended
    private final LongAdder refusedSteps = new LongAdder();
    private final Optional<CrashFiles> crashes = openCrashFiles();
    private final LogBook book;
    private final ProcLogs logs;

    private ProcessProcManager(ProcSpec spec, Class<A> agentProtocol, ProcConfig config) {
        this.spec = spec;
        this.agentType = Protocols.of(agentProtocol);
        this.channels = config.channels();
        this.book = new LogBook(spec.logs());
        this.logs =
                new ProcLogs(
                        book,
                        InstantSource.system(),
                        System::nanoTime,
                        new FileOutputStream(FileDescriptor.out),
                        new FileOutputStream(FileDescriptor.err));
        this.aotCaches =
                AotCaches.ofThisUser(
                        System.getenv(),
                        ChannelConfig.standard().runtimeDirectory(),
                        new AotTraining(this::launcher));
        this.spares =
                new Spares(
                        this::launchSpare,
                        Secret::random,
                        () -> jvm(spec, environment(spec)).flatMap(aotCaches::key),
                        System::nanoTime,
                        SPARE_PAUSE);
        // From here on strangers may come, who are judged by all of the above.
        this.callbacks =
                new Callbacks<>(
                        channels,
                        agentType,
                        children,
                        this::member,
                        spares,
                        logs,
                        () -> {
                            var _ = aotCache();
                        });
        this.launcher = openLauncher(channels, logs); // last, for it holds a thread
    }

    private ProcLauncher launcher() {
        return launcher.get();
    }

    private static OpenLauncher openLauncher(Channels channels, ProcLogs logs) {
        return new OpenLauncher(() -> {
            removeLeftSockets(channels);
            return ProcLauncher.forThisPlatform(logs);
        });
    }

    private static Optional<CrashFiles> openCrashFiles() {
        Path folder =
                ChannelConfig.standard().runtimeDirectory().toAbsolutePath().resolve("crashes");
        try {
            PrivateFolder.prepare(folder);
            return Optional.of(new CrashFiles(folder));
        } catch (IOException | UnsupportedOperationException e) { // no reason not to launch
            LOG.warn("JVMs that crash report in their own directory: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /// What children of a host that died by force could not remove.
    private static void removeLeftSockets(Channels channels) {
        try {
            int removed =
                    SocketMark.removeLeft(ChannelConfig.standard().runtimeDirectory())
                            + channels.removeLeftSockets();
            LOG.debug("removed {} sockets that dead processes had left", removed);
        } catch (RuntimeException e) { // no reason not to launch
            LOG.warn("left sockets not removed", e);
        }
    }

    /// Children that are JVMs like this one, running `main` of a class that calls [ProcMain#run].
    public static ProcessProcManager<ProcAgentMessage> running(Class<?> main) {
        return running(JavaCommand.of(main));
    }

    /// Children that are JVMs of this description, whose main class calls [ProcMain#run].
    public static ProcessProcManager<ProcAgentMessage> running(JavaCommand java) {
        return running(ProcSpec.java(java));
    }

    /// Children of this kind, which have a [io.hyperactor.ProcAgent].
    public static ProcessProcManager<ProcAgentMessage> running(ProcSpec spec) {
        return of(spec, ProcAgentMessage.class);
    }

    /// Children that run any program which speaks the protocol of docs/wire-format.md, "A proc in
    /// another language", and has an agent of this protocol.
    public static <A> ProcessProcManager<A> of(List<String> command, Class<A> agentProtocol) {
        return of(ProcSpec.command(command), agentProtocol);
    }

    /// Children of this kind, which have an agent of this protocol.
    public static <A> ProcessProcManager<A> of(ProcSpec spec, Class<A> agentProtocol) {
        return new ProcessProcManager<>(spec, agentProtocol, ProcConfig.defaults());
    }

    @Override
    public Optional<ProcSpec> spec() {
        return Optional.of(spec);
    }

    @Override
    public Transport transport() {
        return Transport.UNIX;
    }

    @Override
    public ProcHandle<A> spawn(ProcId procId, ChannelAddress forwarder) {
        return spawn(procId, forwarder, spec);
    }

    @Override
    public ProcHandle<A> spawn(ProcId procId, ChannelAddress forwarder, ProcSpec spec) {
        Secret secret = Secret.random();
        ProcessProcHandle<A> handle =
                new ProcessProcHandle<>(
                        procId,
                        spec,
                        secret,
                        agentType.hash(),
                        refusedSteps,
                        Threads.timer(),
                        System::nanoTime);
        if (children.putIfAbsent(procId, handle) != null) {
            throw new HostException.ProcExists(procId.name());
        }
        try {
            book.begin(procId.name(), spec.logs());
            spares.during(handle.ready());
            Started started = start(procId, forwarder, spec, secret);
            LaunchedProcess process = started.process();
            try {
                handle.launched(
                        process,
                        Instant.now(),
                        how -> gone(handle, process, how),
                        () -> cleanUp(handle));
            } catch (RuntimeException | Error e) { // nobody would watch over it
                process.signalGroup(Signals.KILL);
                throw e;
            }
            if (!started.fromCache()) {
                prepareAfter(handle, spec);
            }
            return handle;
        } catch (IOException e) {
            throw notLaunched(handle, e);
        } catch (RuntimeException | Error e) { // whatever it is, the name is free again
            Throwable cause = e instanceof CompletionException ? e.getCause() : e;
            throw notLaunched(handle, cause == null ? e : cause);
        }
    }

    /// Its procs, each by its secret, as long as they live.
    @Override
    public Admission admission() {
        return this::member;
    }

    @Override
    public boolean mayControl(ProcId proc) {
        ProcessProcHandle<A> child = children.get(proc);
        return child != null && child.spec().controlsHosts();
    }

    private Optional<Peer> member(Secret shown) {
        var found = new AtomicReference<@Nullable Peer>();
        children.forEach((id, child) -> { // in the map's own lock: others spawn meanwhile
            if (child.secret().matches(shown)) {
                found.set(new Peer.Member(id));
            }
        });
        return Optional.ofNullable(found.get());
    }

    /// A spare if there is one of this kind, else a new process.
    private Started start(ProcId procId, ChannelAddress forwarder, ProcSpec spec, Secret secret)
            throws IOException {
        Optional<LaunchedProcess> spare =
                spec.startsLike(this.spec)
                        ? spares.take(
                                new Assignment(procId, forwarder, callbacks.address(), secret))
                        : Optional.empty();
        return spare.isPresent()
                ? new Started(spare.get(), true) // its cache was seen to when it waited
                : launch(procId.name(), spec, environment(procId, forwarder, spec), secret);
    }

    /// @param fromCache whether there is no need to see to its AOT cache
    private record Started(LaunchedProcess process, boolean fromCache) {}

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
                launcher()
                        .launch(
                                new LaunchSpec(
                                        name,
                                        command,
                                        environment,
                                        spec.directory(),
                                        secret.reveal(),
                                        spec.limits()));
        crashes.ifPresent(files -> files.forget(process.pid())); // an older process's
        return new Started(process, AotCaches.isUsedBy(command));
    }

    private LaunchedProcess launchSpare(String name, Secret secret) throws IOException {
        Map<String, String> environment = environment(spec);
        environment.put(ProcMain.ROLE, ProcMain.SPARE);
        environment.put(ProcBoot.CALLBACK_ADDR, callbacks.address().toString());
        LaunchedProcess process = launch(name, spec, environment, secret).process();
        var _ = process.exit().thenRun(() -> RehearsalFolder.removeOfChild(process.pid()));
        return process;
    }

    /// Keeps so many processes ready that procs of the default kind are then made from: they have
    /// started, have run once what a proc runs, and wait. Others take their place in the
    /// background. They are no procs: nobody sees them but [#spares()] and who lists processes.
    ///
    /// A spare that waits holds as much memory as an idle proc. A program that the host runs as
    /// spares must be ready for it: [ProcMain#run] is; docs/wire-format.md says what it takes.
    ///
    /// @param count 0 to 64; 0, the default, ends those there are
    /// @throws IllegalArgumentException if it is anything else
    public void keepSpares(int count) {
        spares.keep(count);
    }

    /// How many processes are to be kept ready, and how many are.
    public SpareCount spares() {
        return new SpareCount(spares.wanted(), spares.parked());
    }

    private HostException notLaunched(ProcessProcHandle<A> handle, Throwable why) {
        book.end(handle.procId().name()); // first: from then on the name is somebody else's
        children.remove(handle.procId(), handle);
        book.letGo(handle.procId().name());
        handle.notLaunched(why); // somebody may wait for its end already
        return new HostException.ProcessSpawnFailure(handle.procId(), why);
    }

    /// Before anybody is told.
    private ExitReport gone(ProcessProcHandle<A> handle, LaunchedProcess process, ProcExit how) {
        untidy.add(handle);
        book.end(handle.procId().name()); // first: from then on the name is somebody else's
        children.remove(handle.procId(), handle);
        callbacks.dismiss(handle.secret());
        List<String> lines = process.lastLines();
        return new ExitReport(how, diagnosis(process, how, lines), lines);
    }

    private Optional<Diagnosis> diagnosis(
            LaunchedProcess process, ProcExit how, List<String> lines) {
        Optional<Diagnosis> kernel = process.diagnosis();
        return kernel.isPresent() || Diagnosis.isPlain(how)
                ? kernel
                : Diagnosis.of(how, lines, crashes.flatMap(files -> files.read(process.pid())));
    }

    /// After everybody was told.
    private void cleanUp(ProcessProcHandle<A> handle) {
        book.letGo(handle.procId().name());
        removeSocket(handle);
        untidy.remove(handle);
        // A descendant that was killed with it may have held the socket a moment longer.
        var _ =
                Threads.timer()
                        .schedule(
                                () -> removeSocket(handle),
                                SOCKET_AGAIN_MILLIS,
                                TimeUnit.MILLISECONDS);
    }

    private void removeSocket(ProcessProcHandle<A> handle) {
        try {
            handle.address().ifPresent(channels::removeLeftSocket);
        } catch (UncheckedIOException e) {
            LOG.warn("the socket of {}", handle.procId(), e);
        }
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
        JavaCommand logging =
                java.withProperty(LOG_PROVIDER, StderrLogs.class.getName())
                        .withProperty(LOG_VERBOSITY, "WARN"); // no line of its own at each start
        return crashes.map(CrashFiles::flag).map(logging::withFirstFlag).orElse(logging);
    }

    /// Never before a child is ready, nor for one that does not get there.
    private void prepareAfter(ProcessProcHandle<A> handle, ProcSpec spec) {
        var _ =
                handle.ready()
                        .thenAccept(_ -> {
                            var _ = prepare(spec);
                        });
    }

    private CompletableFuture<Boolean> prepare(ProcSpec spec) {
        return jvm(spec, environment(spec))
                .map(aotCaches::prepare)
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    /// Has the AOT cache of its children made, unless there is one or there can be none. This
    /// happens by itself after the first spawn; here one can wait for it.
    ///
    /// @return completes when that is settled, with whether there is one; never exceptionally
    public CompletableFuture<Boolean> aotCache() {
        return prepare(spec);
    }

    private Map<String, String> environment(
            ProcId procId, ChannelAddress forwarder, ProcSpec spec) {
        Map<String, String> environment = environment(spec);
        environment.put(ProcBoot.PROC_ID, procId.toString());
        environment.put(ProcBoot.BACKEND_ADDR, forwarder.toString());
        environment.put(ProcBoot.CALLBACK_ADDR, callbacks.address().toString());
        return environment;
    }

    private static Map<String, String> environment(ProcSpec spec) {
        Map<String, String> environment =
                new HashMap<>(MinimalEnvironment.of(System.getenv(), spec.inherits()));
        environment.putAll(spec.environment());
        environment.put(ProcBoot.SOCKETS, SocketMark.ofThisProcess());
        return environment;
    }

    /// Where children report.
    ChannelAddress callbackAddress() {
        return callbacks.address();
    }

    /// How many children were refused: without a secret, or as a proc that they are not, or a
    /// second time.
    public long refusedCallbacks() {
        return callbacks.refused();
    }

    /// How many steps in the lives of its procs were none of [ProcStatus#mayBecome]: 0, unless this
    /// has a defect.
    public long refusedSteps() {
        return refusedSteps.sum();
    }

    /// How many log events were refused: from links without a callback, or malformed.
    public long refusedEvents() {
        return logs.refusedEvents();
    }

    /// How many log events were dropped: by children that had no room for them, and here because
    /// there were too many.
    public long droppedEvents() {
        return logs.droppedEvents();
    }

    /// How many bytes that procs printed were dropped, because they came faster than their
    /// [LogPolicy] allows or than they could be kept.
    public long droppedOutputBytes() {
        return logs.droppedBytes();
    }

    /// What its procs printed and logged. Closed with this.
    @Override
    public LogBook logs() {
        return book;
    }

    @Override
    public Terminated terminateProc(Instance cx, ProcId procId, Duration grace, String reason)
            throws InterruptedException {
        ProcessProcHandle<A> handle = children.get(procId);
        if (handle == null) {
            throw new HostException.NoSuchProc(procId.toString());
        }
        return new Terminated(handle.terminate(cx, grace, reason), List.of(), List.of());
    }

    @Override
    public TerminateSummary terminateAll(
            Instance cx, Duration grace, int maxInFlight, String reason)
            throws InterruptedException {
        return InFlight.all(
                List.copyOf(children.values()).reversed(),
                maxInFlight,
                grace,
                (handle, left) -> handle.terminate(cx, graceOf(handle, grace, left), reason),
                ProcessProcHandle::procId);
    }

    /// A proc that asks for more than all others get has it; no other can make the end later.
    private static Duration graceOf(ProcessProcHandle<?> handle, Duration all, Duration left) {
        Duration own = handle.spec().stopGrace().orElse(all);
        return own.compareTo(all) > 0 || own.compareTo(left) < 0 ? own : left;
    }

    @Override
    public void close() {
        aotCaches.close();
        spares.close();
        try {
            launcher.close();
            List.copyOf(children.values()).forEach(this::removeSocket);
            untidy.forEach(this::removeSocket);
        } finally {
            callbacks.close();
            logs.close();
        }
    }
}
