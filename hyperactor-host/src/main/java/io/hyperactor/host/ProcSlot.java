package io.hyperactor.host;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/// One name of a host, from its reservation until it is free: the proc that has it now, and those
/// that had it before a restart. [ProcSupervisor] moves it; this keeps it whole.
///
/// **Threads:** any.
final class ProcSlot<A> {
    /// Where the name is.
    enum Stage {
        /// Its proc is being spawned, the first time or again.
        SPAWNING,
        /// Its proc is ready.
        LIVE,
        /// Its proc has ended and will be spawned again.
        PAUSED,
        /// It is free.
        GONE
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final ProcId id;
    private final Optional<ProcSpec> spec;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    // all guarded by lock
    private Stage stage = Stage.SPAWNING;
    private Restarts restarts;
    private boolean unwanted; // somebody ended it: no more restarts
    private boolean suspected;
    private long liveSince; // nanoTime
    private @Nullable ProcHandle<A> handle;
    private @Nullable ReadyProc<A> ready;
    private @Nullable ExitReport lastExit;
    private @Nullable ExitReport diedEarly; // of the life that is being spawned
    private @Nullable Future<?> pause;

    ProcSlot(ProcId id, Optional<ProcSpec> spec) {
        this.id = id;
        this.spec = spec;
        this.restarts = Restarts.none(spec.map(ProcSpec::restart).orElse(RestartPolicy.TEMPORARY));
    }

    ProcId id() {
        return id;
    }

    /// How its procs are run; empty for procs inside this process.
    Optional<ProcSpec> spec() {
        return spec;
    }

    /// Completes when the name is free.
    CompletableFuture<Void> gone() {
        return gone;
    }

    /// Its proc, once there is one; that of the last life too.
    Optional<ProcHandle<A>> handle() {
        lock.lock();
        try {
            return Optional.ofNullable(handle);
        } finally {
            lock.unlock();
        }
    }

    /// Its proc, if that is ready.
    Optional<ReadyProc<A>> ready() {
        lock.lock();
        try {
            return stage == Stage.LIVE ? Optional.ofNullable(ready) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    boolean isSpawning() {
        lock.lock();
        try {
            return stage == Stage.SPAWNING;
        } finally {
            lock.unlock();
        }
    }

    /// Begins to spawn.
    ///
    /// @return false if nobody wants it any more
    boolean respawning() {
        lock.lock();
        try {
            if (unwanted || stage == Stage.GONE) {
                return false;
            }
            stage = Stage.SPAWNING;
            handle = null;
            ready = null;
            diedEarly = null;
            suspected = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// There is a process.
    ///
    /// @return false if nobody wants it any more
    boolean started(ProcHandle<A> started) {
        lock.lock();
        try {
            handle = started;
            return !unwanted;
        } finally {
            lock.unlock();
        }
    }

    /// The proc is ready.
    ///
    /// @return how it has ended, if it is dead as well
    /// @throws HostException.Closed if nobody wants it any more
    Optional<ExitReport> live(ReadyProc<A> proc, long now) {
        lock.lock();
        try {
            if (diedEarly != null) {
                return Optional.of(diedEarly);
            }
            if (unwanted) {
                throw new HostException.Closed("proc " + id + " was ended while it was spawned");
            }
            stage = Stage.LIVE;
            ready = proc;
            liveSince = now;
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// The proc has ended.
    ///
    /// @return what is to be done; nothing if whoever spawns it sees to that, or it is an older
    ///   life's end
    Optional<Restarts.Decision> ended(
            ProcHandle<A> who, ExitReport report, long now, double random) {
        lock.lock();
        try {
            if (!who.equals(handle) || stage == Stage.GONE) {
                return Optional.empty();
            }
            lastExit = report;
            if (stage == Stage.SPAWNING) {
                diedEarly = report;
                return Optional.empty();
            }
            return Optional.of(decide(Optional.of(report.exit()), now, now - liveSince, random));
        } finally {
            lock.unlock();
        }
    }

    /// A restart came to nothing.
    Restarts.Decision notRestarted(long now, double random) {
        lock.lock();
        try {
            Optional<ProcExit> exit = Optional.ofNullable(diedEarly).map(ExitReport::exit);
            return decide(exit, now, 0, random);
        } finally {
            lock.unlock();
        }
    }

    private Restarts.Decision decide(Optional<ProcExit> exit, long now, long lived, double random) {
        if (unwanted) {
            return new Restarts.Decision.Leave();
        }
        Restarts.Decision decision = restarts.after(exit, now, lived, random);
        if (decision instanceof Restarts.Decision.Restart(Restarts after, var _)) {
            restarts = after;
            stage = Stage.PAUSED;
        }
        return decision;
    }

    /// What ends the pause, to be cancelled when nobody wants it any more; at once if so already.
    void pausing(Future<?> until) {
        lock.lock();
        try {
            if (unwanted) {
                until.cancel(false);
            } else {
                pause = until;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Nobody wants it any more. Where it was.
    Stage unwanted() {
        lock.lock();
        try {
            unwanted = true;
            if (pause != null) {
                pause.cancel(false);
            }
            return stage;
        } finally {
            lock.unlock();
        }
    }

    /// The name is free now.
    void free() {
        lock.lock();
        try {
            stage = Stage.GONE;
        } finally {
            lock.unlock();
        }
        gone.complete(null);
    }

    void suspected(boolean is) {
        lock.lock();
        try {
            suspected = is;
        } finally {
            lock.unlock();
        }
    }

    /// How its last life ended.
    Optional<ExitReport> lastExit() {
        lock.lock();
        try {
            return Optional.ofNullable(lastExit);
        } finally {
            lock.unlock();
        }
    }

    ProcView view() {
        lock.lock();
        try {
            ProcHandle<A> now = stage == Stage.PAUSED ? null : handle;
            long pid = now == null ? 0 : now.pid().orElse(0);
            return now instanceof ProcessProcHandle<A> process
                    ? view(now, pid, process)
                    : new ProcView(
                            id.name(),
                            pid,
                            state(now),
                            null,
                            restarts.total(),
                            null,
                            List.of(),
                            lastExit);
        } finally {
            lock.unlock();
        }
    }

    private ProcView view(ProcHandle<A> now, long pid, ProcessProcHandle<A> process) {
        return new ProcView(
                id.name(),
                pid,
                state(now),
                process.status().value().since().orElse(null),
                restarts.total(),
                process.containment().orElse(null),
                process.limits(),
                lastExit);
    }

    private String state(@Nullable ProcHandle<A> now) {
        if (stage == Stage.PAUSED) {
            return "restarting";
        }
        if (now instanceof ProcessProcHandle<?> process) {
            ProcStatus status = process.status().value();
            if (!(status instanceof ProcStatus.Ready)) {
                return status.toString();
            }
            return stage == Stage.SPAWNING ? "running" : suspected ? "suspected" : "ready";
        }
        return stage == Stage.LIVE ? "ready" : "starting";
    }
}
