package io.hyperactor.host;

import io.hyperactor.Instance;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.ProcConfig;
import io.hyperactor.Protocols;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Peer;
import io.hyperactor.channel.PrivateFolder;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    private final ProcSpec spec;
    private final MessageType<A> agentType;
    private final OpenLauncher launcher;
    private final ProcStarts starts;
    private final Callbacks<A> callbacks;
    private final ProcEnds<A> ends;
    private final Children<A> children = new Children<>();
    private final LongAdder refusedSteps = new LongAdder();
    private final LogBook book;
    private final ProcLogs logs;

    private ProcessProcManager(ProcSpec spec, Class<A> agentProtocol, ProcConfig config) {
        this.spec = spec;
        this.agentType = Protocols.of(agentProtocol);
        Channels channels = config.channels();
        Optional<CrashFiles> crashes = openCrashFiles();
        this.book = new LogBook(spec.logs());
        this.logs =
                new ProcLogs(
                        book,
                        InstantSource.system(),
                        System::nanoTime,
                        new FileOutputStream(FileDescriptor.out),
                        new FileOutputStream(FileDescriptor.err));
        this.starts = new ProcStarts(spec, this::launcher, crashes, this::callbackAddress);
        // From here on strangers may come, who are judged by all of the above.
        this.callbacks =
                new Callbacks<>(
                        channels,
                        agentType,
                        children,
                        this::member,
                        starts.spares(),
                        logs,
                        () -> {
                            var _ = aotCache();
                        });
        this.ends = new ProcEnds<>(children, book, callbacks, crashes, channels);
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
        Path runtime = ChannelConfig.standard().runtimeDirectory().toAbsolutePath();
        Path folder = runtime.resolve("crashes");
        try {
            PrivateFolder.prepare(runtime);
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
        if (!children.add(handle)) {
            throw new HostException.ProcExists(procId.name());
        }
        ProcStarts.Started started;
        try {
            book.begin(procId.name(), spec.logs());
            starts.spares().during(handle.ready());
            started = starts.start(procId, forwarder, spec, secret);
        } catch (IOException e) {
            throw notLaunched(handle, e);
        } catch (RuntimeException | Error e) { // whatever it is, the name is free again
            Throwable cause = e instanceof CompletionException ? e.getCause() : e;
            throw notLaunched(handle, cause == null ? e : cause);
        }
        LaunchedProcess process = started.process();
        try {
            handle.launched(
                    process,
                    Instant.now(),
                    how -> ends.ended(handle, process, how),
                    () -> ends.tidyUp(handle));
            if (!started.fromCache()) {
                prepareAfter(handle, spec);
            }
            return handle;
        } catch (RuntimeException | Error e) { // nobody would watch over it
            process.signalGroup(Signals.KILL);
            boolean _ = handle.awaitEnd(Duration.ofNanos(ProcLife.AFTER_KILL_NANOS));
            throw HostException.notLaunched(procId, e);
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
        return children.all().stream()
                .filter(child -> child.secret().matches(shown))
                .<Peer>map(child -> new Peer.Member(child.procId()))
                .findFirst();
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
        starts.spares().keep(count);
    }

    /// How many processes are to be kept ready, and how many are.
    public SpareCount spares() {
        Spares spares = starts.spares();
        return new SpareCount(spares.wanted(), spares.parked());
    }

    private HostException notLaunched(ProcessProcHandle<A> handle, Throwable why) {
        ends.notLaunched(handle, why);
        return HostException.notLaunched(handle.procId(), why);
    }

    /// Never before a child is ready, nor for one that does not get there.
    private void prepareAfter(ProcessProcHandle<A> handle, ProcSpec spec) {
        var _ =
                handle.ready()
                        .thenAccept(_ -> {
                            var _ = starts.prepareCache(spec);
                        });
    }

    /// Has the AOT cache of its children made, unless there is one or there can be none. This
    /// happens by itself after the first spawn; here one can wait for it.
    ///
    /// @return completes when that is settled, with whether there is one; never exceptionally
    public CompletableFuture<Boolean> aotCache() {
        return starts.prepareCache(spec);
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
                children.all().reversed(),
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
        starts.close();
        try {
            launcher.close();
        } finally {
            ends.removeSockets();
            children.all().forEach(left -> callbacks.dismiss(left.secret()));
            callbacks.close();
            logs.close();
        }
    }
}
