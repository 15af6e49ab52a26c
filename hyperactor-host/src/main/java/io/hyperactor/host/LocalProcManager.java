package io.hyperactor.host;

import io.hyperactor.ActorHandle;
import io.hyperactor.Instance;
import io.hyperactor.MailboxServer;
import io.hyperactor.Proc;
import io.hyperactor.ProcConfig;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Runs procs inside this process, for tests and programs that need no isolation. There is no
/// process to signal: ending a proc means ending its actors.
///
/// **Threads:** any, also several at once.
///
/// @param <A> the protocol of the agents
public final class LocalProcManager<A> implements ProcManager<A>, SingleTerminate, BulkTerminate {
    /// So many that were stopped through [#requestStop] are remembered.
    static final int STOPPED_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger(LocalProcManager.class);

    private final Function<Proc, ActorHandle<A>> agentFactory;
    private final ProcConfig config;

    private final ReentrantLock lock = new ReentrantLock(); // guards the two maps, together
    private final Map<ProcId, Local> procs = new LinkedHashMap<>(); // the oldest first
    private final Map<ProcId, Watch<LocalProcStatus>> stopping =
            new LinkedHashMap<>(); // the oldest first; the last that have stopped among them

    /// A proc of this manager and the server it is reached through.
    ///
    /// @param gone completes with the proc's one ending, once it is served no more
    record Local(Proc proc, CompletableFuture<Proc.Destroyed> gone) {
        /// @param free frees its name, before anybody is told
        static Local of(Proc proc, MailboxServer server, Runnable free) {
            return new Local(
                    proc,
                    proc.ended()
                            .thenApply(how -> {
                                server.close();
                                proc.close();
                                return how;
                            })
                            .whenComplete((_, _) -> free.run()));
        }

        /// Ends the actors, then stops serving. Whoever calls gets the one ending; an interrupt
        /// does not stop it.
        Proc.Destroyed destroy(Duration grace, String reason) throws InterruptedException {
            var _ = proc.stop(grace, reason);
            try {
                return gone.get();
            } catch (ExecutionException e) {
                throw new TerminateException.Io(e.getCause() == null ? e : e.getCause());
            }
        }
    }

    /// @param agentFactory spawns the agent in a new proc; may be called by several threads at once
    public LocalProcManager(Function<Proc, ActorHandle<A>> agentFactory) {
        this(agentFactory, ProcConfig.defaults());
    }

    /// Like [#LocalProcManager(Function)] with other bounds for the procs.
    public LocalProcManager(Function<Proc, ActorHandle<A>> agentFactory, ProcConfig config) {
        this.agentFactory = agentFactory;
        this.config = config;
    }

    @Override
    public Transport transport() {
        return Transport.LOCAL;
    }

    /// All: whoever sends over `local:` is this process.
    @Override
    public Admission admission() {
        return Admission.open();
    }

    /// A proc in the host's own process is not kept from anything.
    @Override
    public boolean mayControl(ProcId proc) {
        return true;
    }

    @Override
    public ProcHandle<A> spawn(ProcId procId, ChannelAddress forwarder) {
        Proc proc = Proc.forwarding(procId, forwarder, Secret.NONE, config);
        MailboxServer server = serve(proc, forwarder);
        Local entry = Local.of(proc, server, () -> free(proc));
        if (!register(procId, entry)) {
            var _ = proc.stop(Duration.ZERO, "name taken");
            throw new HostException.ProcExists(procId.name());
        }
        try {
            ActorHandle<A> agent = agentFactory.apply(proc);
            return new LocalHandle<>(procId, server.address(), agent.ref(), this, entry);
        } catch (RuntimeException e) {
            var _ = remove(procId, entry);
            var _ = proc.stop(Duration.ZERO, "no agent");
            throw new HostException.AgentSpawnFailure(procId, e);
        }
    }

    private MailboxServer serve(Proc proc, ChannelAddress forwarder) {
        try {
            return MailboxServer.serve(
                    config, ChannelAddress.any(forwarder.transport()), Admission.open(), proc);
        } catch (RuntimeException e) {
            proc.close();
            throw e;
        }
    }

    private boolean register(ProcId procId, Local entry) {
        lock.lock();
        try {
            stopping.remove(procId); // a new life of the name
            return procs.putIfAbsent(procId, entry) == null;
        } finally {
            lock.unlock();
        }
    }

    /// The live procs of this manager by id.
    public Optional<Proc> proc(ProcId procId) {
        lock.lock();
        try {
            return Optional.ofNullable(procs.get(procId)).map(Local::proc);
        } finally {
            lock.unlock();
        }
    }

    /// A proc has ended, perhaps by itself: a message to its agent can do it.
    private void free(Proc ended) {
        lock.lock();
        try {
            procs.computeIfPresent(ended.id(), (_, local) -> local.proc() == ended ? null : local);
        } finally {
            lock.unlock();
        }
    }

    /// Whether this life of the name was there, and the caller is the one to end it.
    boolean remove(ProcId procId, Local local) {
        lock.lock();
        try {
            return procs.remove(procId, local);
        } finally {
            lock.unlock();
        }
    }

    @Nullable Local remove(ProcId procId) {
        lock.lock();
        try {
            return procs.remove(procId);
        } finally {
            lock.unlock();
        }
    }

    /// Ends a proc in the background. Does nothing if it is unknown or already being stopped.
    /// Observe it with [#localProcStatus] and [#watch].
    public void requestStop(ProcId procId, Duration grace, String reason) {
        Local local;
        Watch<LocalProcStatus> status = new Watch<>(LocalProcStatus.STOPPING);
        lock.lock();
        try {
            local = procs.remove(procId);
            if (local == null) {
                return;
            }
            stopping.put(procId, status);
            forgetStopped();
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().start(() -> stop(local, status, grace, reason));
    }

    /// With the lock held.
    private void forgetStopped() {
        int tooMany = stopping.size() - STOPPED_MAX;
        Iterator<Watch<LocalProcStatus>> oldest = stopping.values().iterator();
        while (tooMany > 0 && oldest.hasNext()) {
            if (oldest.next().value() == LocalProcStatus.STOPPED) {
                oldest.remove();
                tooMany--;
            }
        }
    }

    private static void stop(
            Local local, Watch<LocalProcStatus> status, Duration grace, String reason) {
        try {
            var _ = local.destroy(grace, reason);
        } catch (InterruptedException | RuntimeException e) {
            LOG.warn("stopping {} failed", local.proc(), e);
        }
        status.set(LocalProcStatus.STOPPED);
    }

    /// Where a proc is that was stopped through [#requestStop]; empty if it never was, in this life
    /// of its name, or [#STOPPED_MAX] others were since.
    public Optional<LocalProcStatus> localProcStatus(ProcId procId) {
        return watch(procId).map(Watch::value);
    }

    /// Like [#localProcStatus], to be observed.
    public Optional<Watch<LocalProcStatus>> watch(ProcId procId) {
        lock.lock();
        try {
            return Optional.ofNullable(stopping.get(procId));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Terminated terminateProc(Instance cx, ProcId procId, Duration grace, String reason)
            throws InterruptedException {
        Local local = remove(procId);
        if (local == null) {
            throw new HostException.NoSuchProc(procId.toString());
        }
        Proc.Destroyed destroyed = local.destroy(grace, reason);
        return new Terminated(exitOf(destroyed), destroyed.stopped(), destroyed.aborted());
    }

    static ProcExit exitOf(Proc.Destroyed destroyed) {
        return new ProcExit.Destroyed(destroyed.stopped().size(), destroyed.aborted().size());
    }

    /// Takes all procs first, so that a second call finds none of them again.
    @Override
    public TerminateSummary terminateAll(
            Instance cx, Duration grace, int maxInFlight, String reason)
            throws InterruptedException {
        List<Local> all;
        lock.lock();
        try {
            all = new ArrayList<>(procs.values());
            procs.clear();
        } finally {
            lock.unlock();
        }
        return InFlight.all(
                all.reversed(),
                maxInFlight,
                grace,
                (local, left) -> local.destroy(left, reason),
                Local::proc);
    }

    @Override
    public void close() {
        try {
            List<ProcId> ids;
            lock.lock();
            try {
                ids = List.copyOf(procs.keySet());
            } finally {
                lock.unlock();
            }
            for (ProcId id : ids) {
                Local local = remove(id);
                if (local != null) {
                    var _ = local.destroy(Duration.ZERO, "manager closed");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
