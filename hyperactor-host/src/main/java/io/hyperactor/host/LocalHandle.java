package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Instance;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// A proc of a [LocalProcManager].
///
/// It has no life outside this process, so [#ready()] and [#exit()] complete at once, the latter
/// also while the proc runs.
///
/// @param <A> the protocol of the proc's agent
public final class LocalHandle<A> implements ProcHandle<A> {
    private final ProcId procId;
    private final ChannelAddress address;
    private final ActorRef<A> agent;
    private final LocalProcManager<?> manager;
    private final ReentrantLock lock = new ReentrantLock(); // one ending at a time
    private @Nullable ProcExit ended;

    LocalHandle(
            ProcId procId, ChannelAddress address, ActorRef<A> agent, LocalProcManager<?> manager) {
        this.procId = procId;
        this.address = address;
        this.agent = agent;
        this.manager = manager;
    }

    @Override
    public ProcId procId() {
        return procId;
    }

    @Override
    public Optional<ChannelAddress> address() {
        return Optional.of(address);
    }

    @Override
    public Optional<ActorRef<A>> agent() {
        return Optional.of(agent);
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public CompletableFuture<Void> ready() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<ProcExit> exit() {
        return CompletableFuture.completedFuture(new ProcExit.Destroyed(0, 0));
    }

    @Override
    public void atEnd(Runnable action) {
        manager.atEnd(procId, action);
    }

    @Override
    public ProcExit terminate(Instance cx, Duration grace, String reason)
            throws InterruptedException {
        return end(grace, reason);
    }

    @Override
    public ProcExit kill() throws InterruptedException {
        return end(Duration.ZERO, "kill");
    }

    private ProcExit end(Duration grace, String reason) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (ended != null) {
                throw new TerminateException.AlreadyTerminated(ended);
            }
            LocalProcManager.Local local = manager.remove(procId);
            if (local == null) {
                ended = new ProcExit.Destroyed(0, 0); // somebody else ended it, through the manager
                throw new TerminateException.AlreadyTerminated(ended);
            }
            ProcExit exit = LocalProcManager.exitOf(local.destroy(grace, reason));
            ended = exit;
            return exit;
        } finally {
            lock.unlock();
        }
    }
}
