package io.hyperactor.host;

import io.hyperactor.Client;
import io.hyperactor.DialRouter;
import io.hyperactor.Instance;
import io.hyperactor.MailboxServer;
import io.hyperactor.Proc;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.Undeliverable;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Peer;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A host: spawns procs through a [ProcManager] and is the one address at which all of them are
/// reached.
///
/// Every proc on it is named `ProcId(frontend address, name)`. The host listens at the frontend
/// address and forwards by the proc's name to the address of that proc; its procs send everything
/// that is not for themselves to its backend address. Two procs are inside the host's own process:
/// `service`, where the host's own actors live, and `local`, which exists but holds no actor until
/// somebody asks the [HostAgent] for it (LP-1).
///
/// **Threads:** any, for all methods; spawns run at the same time. **Closing:** whoever made it
/// closes it, which ends all its procs.
///
/// **Source:** hyperactor's `Host`; docs/seed-map.md says what became of each part.
///
/// @param <A> the protocol of the agents that its manager puts into the procs
public final class Host<A> implements SingleTerminate, AutoCloseable {
    /// The proc for the host's own actors.
    public static final String SERVICE_PROC_NAME = "service";

    /// The proc for the program around the host; starts without actors.
    public static final String LOCAL_PROC_NAME = "local";

    /// The client of the program around the host, on the activated local proc.
    static final String ROOT_CLIENT_NAME = "client";

    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

    private final ProcManager<A> manager;
    private final HostConfig config;
    private final MailboxServer frontend;
    private final MailboxServer backend;
    private final DialRouter router;
    private final Proc service;
    private final Proc local;
    private final ProcOrDial forwarder;
    private final Client client;

    private final ProcSupervisor<A> procs;
    private final RefusalCounts refusals;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    private Host(
            ProcManager<A> manager,
            HostConfig config,
            RefusalCounts refusals,
            MailboxServer frontend,
            MailboxServer backend) {
        this.manager = manager;
        this.refusals = refusals;
        this.config = config;
        this.frontend = frontend;
        this.backend = backend;
        ChannelAddress address = frontend.address();
        router = new DialRouter(config.proc().channels(), config.defaultSender());
        service = Proc.configured(new ProcId(address, SERVICE_PROC_NAME), router, config.proc());
        local = Proc.configured(new ProcId(address, LOCAL_PROC_NAME), router, config.proc());
        forwarder = new ProcOrDial(service, local, router);
        router.returnTo(forwarder);
        router.owns(address);
        client = service.client("host");
        client.onUndeliverable(this::returned);
        procs = new ProcSupervisor<>(manager, config, router, backend, client, refusals);
        Runnable onForbidden = () -> refusals.count(Refusal.FORBIDDEN);
        frontend.onForbidden(onForbidden);
        backend.onForbidden(onForbidden);
        backend.serve(new ControlGate(forwarder, manager::mayControl, onForbidden), router);
        LOG.atInfo()
                .addKeyValue("frontend", address)
                .addKeyValue("backend", backend.address())
                .log("host ready");
    }

    /// Binds the frontend address, for all whom the transport lets in, and makes the host reachable
    /// from its own procs. Nothing is taken from the frontend until [#serve()].
    ///
    /// @param frontend where others reach the host; the bound address becomes its identity
    /// @param manager spawns its procs; closed by the host
    /// @throws io.hyperactor.channel.ChannelException if an address can not be bound; the manager
    ///   is then left alone
    public static <A> Host<A> bind(
            ChannelAddress frontend, ProcManager<A> manager, HostConfig config) {
        RefusalCounts refusals = new RefusalCounts();
        MailboxServer front =
                MailboxServer.bind(config.proc(), marked(config, frontend), Admission.open());
        try {
            ChannelAddress back = marked(config, ChannelAddress.any(manager.transport()));
            Admission admission = counted(manager.admission(), refusals);
            MailboxServer behind = MailboxServer.bind(config.proc(), back, admission);
            return new Host<>(manager, config, refusals, front, behind);
        } catch (RuntimeException e) {
            front.close();
            throw e;
        }
    }

    private static Admission counted(Admission admission, RefusalCounts refusals) {
        return shown -> {
            Optional<Peer> peer = admission.admit(shown);
            if (peer.isEmpty()) {
                refusals.count(Refusal.STRANGER);
            }
            return peer;
        };
    }

    /// An address without a path gets one that says whose it is.
    private static ChannelAddress marked(HostConfig config, ChannelAddress address) {
        return address instanceof ChannelAddress.Unix(String path) && path.isEmpty()
                ? SocketMark.address(config.proc().channels())
                : address;
    }

    /// Like [#bind(ChannelAddress, ProcManager, HostConfig)] with the defaults.
    public static <A> Host<A> bind(ChannelAddress frontend, ProcManager<A> manager) {
        return bind(frontend, manager, HostConfig.defaults());
    }

    /// Binds and serves.
    public static <A> Host<A> serve(ChannelAddress frontend, ProcManager<A> manager) {
        return serve(frontend, manager, HostConfig.defaults());
    }

    /// Binds and serves.
    public static <A> Host<A> serve(
            ChannelAddress frontend, ProcManager<A> manager, HostConfig config) {
        Host<A> host = bind(frontend, manager, config);
        host.serve();
        return host;
    }

    /// Starts to take messages at the frontend address. Whether this call did it: false afterwards.
    public boolean serve() {
        return frontend.serve(forwarder, router);
    }

    /// The manager of its procs.
    public ProcManager<A> manager() {
        return manager;
    }

    /// The frontend address.
    public ChannelAddress address() {
        return frontend.address();
    }

    /// Where its procs send what is not for themselves.
    ChannelAddress backendAddress() {
        return backend.address();
    }

    /// The proc `service`.
    public Proc systemProc() {
        return service;
    }

    /// The proc `local`. Has no actors before the [HostAgent] was asked for it.
    public Proc localProc() {
        return local;
    }

    /// Spawns a proc as the manager runs them, and waits until it is ready.
    ///
    /// @param name unique among the live procs of this host
    /// @return the proc, reachable through this host as `ProcId(address(), name)`
    /// @throws HostException.ProcExists if the name is taken
    /// @throws HostException.LimitReached if the host has as many procs, spawns at once, or
    ///   launches that wait, as it may
    /// @throws HostException.ProcessSpawnFailure if its process could not be started
    /// @throws HostException.ProcessConfigurationFailure if it was not ready in time, ended before,
    ///   or lacked an address or agent. By then it is dead, and its name free; unless it could not
    ///   be ended: then a [TerminateException.Io] is suppressed, and the name free when it has
    /// @throws HostException.Closed if the host was closed, or the proc ended through it,
    ///   meanwhile; the cause says how that ended the proc
    /// @throws io.hyperactor.wire.InvalidNameException if the name is illegal
    public ReadyProc<A> spawn(String name) throws InterruptedException {
        return spawn(name, Optional.empty());
    }

    /// Spawns a proc of its own kind, and waits until it is ready. Otherwise like [#spawn(String)].
    ///
    /// @param spec how it is run, and restarted
    public ReadyProc<A> spawn(String name, ProcSpec spec) throws InterruptedException {
        return spawn(name, Optional.of(spec));
    }

    private ReadyProc<A> spawn(String name, Optional<ProcSpec> spec) throws InterruptedException {
        return refusals.counting(() -> spawned(name, spec));
    }

    private ReadyProc<A> spawned(String name, Optional<ProcSpec> spec) throws InterruptedException {
        ProcId procId = new ProcId(address(), name);
        if (name.equals(SERVICE_PROC_NAME) || name.equals(LOCAL_PROC_NAME)) {
            throw new HostException.ProcExists(name);
        }
        return procs.spawn(procId, spec);
    }

    /// The live procs that are ready, in no order.
    public List<ProcHandle<A>> procs() {
        return procs.live().stream().<ProcHandle<A>>map(ReadyProc::handle).toList();
    }

    /// The live proc of this name, if it is ready.
    public Optional<ReadyProc<A>> find(String name) {
        return procs.find(name);
    }

    /// All procs as they are now, also those that are being spawned or wait for their restart,
    /// sorted by name.
    public List<ProcView> views() {
        return procs.views();
    }

    /// The procs that ended last and whose names are free now, the newest first: at most
    /// [EndedProc#REMEMBERED_MAX].
    public List<EndedProc> endings() {
        return procs.endings();
    }

    /// Calls `observer` with everything that happens in the lives of this host's procs from now on,
    /// until the returned action is run. In the order it happened, on a thread of the host: an
    /// observer that blocks holds up the others, and beyond 65,536 events the newest are dropped.
    public Runnable observe(Consumer<? super ProcEvent> observer) {
        return procs.events().observe(observer);
    }

    /// How many spawns were refused because a limit was reached.
    public long refusedSpawns() {
        return procs.refused();
    }

    /// How often it has refused something, or could not do it, by the reason: spawns, restarts,
    /// stops, kills, what its [HostAgent] was asked for, connections to its backend
    /// ([Refusal#STRANGER]) and messages that came there or to its frontend ([Refusal#FORBIDDEN]).
    /// A snapshot with all reasons.
    public Map<Refusal, Long> refusals() {
        return refusals.now();
    }

    /// Where more is counted.
    RefusalCounts refusalCounts() {
        return refusals;
    }

    /// How many restarts of procs it has begun, also those that came to nothing.
    public long restarts() {
        return procs.restarts();
    }

    /// Whose links its own procs, and what is sent to it, go over.
    Channels channels() {
        return config.proc().channels();
    }

    /// How many events observers have missed, because one of them blocked for too long.
    public long droppedEvents() {
        return procs.events().dropped();
    }

    /// A request to drain that comes back need not be waited for.
    private void returned(Undeliverable message) {
        LOG.debug("came back: {}", message);
        if (message.message().orElse(null) instanceof ProcAgentMessage.StopProc) {
            find(message.destination().actor().proc().name())
                    .map(ReadyProc::handle)
                    .ifPresent(handle -> {
                        if (handle instanceof ProcessProcHandle<?> process) {
                            process.askReturned();
                        }
                    });
        }
    }

    /// Ends a proc in good order within `grace`, else by force, and waits for it. Its name is free
    /// afterwards.
    ///
    /// @return how it ended: by this, or before if it is among the [#endings()]
    /// @throws HostException.NoSuchProc if there is none of this name
    /// @throws TerminateException.Io if it could not be ended
    public ProcExit stop(String name, Duration grace, String reason) throws InterruptedException {
        return stopped(name, grace, reason).exit();
    }

    /// Ends a proc by force and waits for it. Its name is free afterwards.
    ///
    /// @return how it ended: by this, or before if it is among the [#endings()]
    /// @throws HostException.NoSuchProc if there is none of this name
    /// @throws TerminateException.Io if it could not be ended
    public ProcExit kill(String name) throws InterruptedException {
        return killed(name).exit();
    }

    /// Like [#stop].
    ExitReport stopped(String name, Duration grace, String reason) throws InterruptedException {
        return refusals.counting(
                () -> procs.end(name, proc -> proc.terminate(client, grace, reason)));
    }

    /// Like [#kill].
    ExitReport killed(String name) throws InterruptedException {
        return refusals.counting(() -> procs.end(name, ProcHandle::kill));
    }

    /// Ends one proc through the manager, if that can; its name is free afterwards. Of one that
    /// waits for its restart it gives the last exit.
    ///
    /// @throws TerminateException.Unsupported if the manager is no [SingleTerminate]
    @Override
    public Terminated terminateProc(Instance cx, ProcId proc, Duration grace, String reason)
            throws InterruptedException {
        if (!(manager instanceof SingleTerminate single)) {
            throw new TerminateException.Unsupported();
        }
        return refusals.counting(() -> {
            if (!proc.address().equals(address())) {
                throw new HostException.NoSuchProc(proc.toString());
            }
            ProcSlots.Left<A> left = procs.unwant(proc.name());
            try {
                Terminated ended = single.terminateProc(cx, proc, grace, reason);
                ProcSupervisor.awaitGone(left);
                return ended;
            } catch (HostException.NoSuchProc e) { // it may have waited for its restart
                return procs.lastExit(left)
                        .map(end -> new Terminated(end.exit(), List.of(), List.of()))
                        .orElseThrow(() -> e);
            }
        });
    }

    /// Ends all procs of this host through the manager, if that can. Afterwards it has none of them
    /// any more, not even those that could not be ended; the manager gives the name of such a one
    /// away when its process has ended, and until then a spawn throws [HostException.ProcExists].
    ///
    /// @throws TerminateException.Unsupported if the manager is no [BulkTerminate]
    public TerminateSummary terminateChildren(
            Instance cx, Duration grace, int maxInFlight, String reason)
            throws InterruptedException {
        if (!(manager instanceof BulkTerminate bulk)) {
            throw new TerminateException.Unsupported();
        }
        List<ProcSlot<A>> known = procs.unwantAll(); // what is spawned meanwhile is not disowned
        TerminateSummary summary = bulk.terminateAll(cx, grace, maxInFlight, reason);
        procs.release(known);
        return summary;
    }

    /// Refuses spawns and ends all procs, in good order as far as the configured grace allows, then
    /// stops serving. A second call does nothing but wait for the end of the first; an interrupt
    /// ends its wait.
    ///
    /// A proc that can not be ended is given up 2.5 s after the grace, and the host is closed at
    /// most 1.5 s later. The proc is killed, so it ends as soon as the kernel lets go of it.
    ///
    /// @throws IllegalStateException if something is left; the first call says what
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            try {
                closeAll(
                        procs::close,
                        this::endAll,
                        this::cutOff,
                        manager,
                        frontend,
                        backend,
                        local,
                        service,
                        router);
            } finally {
                closed.countDown();
            }
        } else {
            awaitClosed();
        }
    }

    /// What could not be ended does not answer when its links are closed, and is not waited for.
    private void cutOff() {
        procs.live().forEach(proc -> backend.dismiss(proc.handle().secret()));
        procs.release(procs.unwantAll());
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// All of them, whatever one of them throws.
    private static void closeAll(AutoCloseable... parts) {
        IllegalStateException failure = null;
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Throwable e) { // no memory, for example
                if (failure == null) {
                    failure =
                            new IllegalStateException(
                                    "while closing the host: " + e.getMessage(), e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void endAll() {
        if (!(manager instanceof BulkTerminate bulk)) {
            return;
        }
        try {
            TerminateSummary summary =
                    bulk.terminateAll(
                            client, config.stopGrace(), config.stopsInFlight(), "host closed");
            LOG.info("procs ended: {}", summary);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing the manager ends them by force
        }
    }

    @Override
    public String toString() {
        return "host " + address();
    }
}
