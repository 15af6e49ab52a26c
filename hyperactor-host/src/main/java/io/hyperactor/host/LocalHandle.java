package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Instance;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A proc of a [LocalProcManager].
///
/// It has no life outside this process, so [#ready()] completes at once; so does [#exit()] if there
/// is no proc behind it.
///
/// @param <A> the protocol of the proc's agent
public final class LocalHandle<A> implements ProcHandle<A> {
    private final ProcId procId;
    private final ChannelAddress address;
    private final ActorRef<A> agent;
    private final LocalProcManager<?> manager;
    private final LocalProcManager.@Nullable Local local;

    /// A handle without a proc behind it.
    LocalHandle(
            ProcId procId, ChannelAddress address, ActorRef<A> agent, LocalProcManager<?> manager) {
        this(procId, address, agent, manager, null);
    }

    LocalHandle(
            ProcId procId,
            ChannelAddress address,
            ActorRef<A> agent,
            LocalProcManager<?> manager,
            LocalProcManager.@Nullable Local local) {
        this.procId = procId;
        this.address = address;
        this.agent = agent;
        this.manager = manager;
        this.local = local;
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

    /// None: whoever sends to it over `local:` is this process.
    @Override
    public Secret secret() {
        return Secret.NONE;
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
        return local == null
                ? CompletableFuture.completedFuture(new ProcExit.Destroyed(0, 0))
                : local.gone().thenApply(LocalProcManager::exitOf);
    }

    @Override
    public void atEnd(Consumer<ExitReport> action) {
        if (local == null) {
            action.accept(ExitReport.of(new ProcExit.Destroyed(0, 0)));
        } else {
            var _ =
                    local.gone()
                            .thenApply(LocalProcManager::exitOf)
                            .thenAccept(exit -> action.accept(ExitReport.of(exit)));
        }
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

    /// The ending is of this life of the name, never of a namesake.
    private ProcExit end(Duration grace, String reason) throws InterruptedException {
        LocalProcManager.Local mine = local;
        if (mine == null) {
            throw new TerminateException.AlreadyTerminated(new ProcExit.Destroyed(0, 0));
        }
        if (mine.gone().isDone()) {
            throw new TerminateException.AlreadyTerminated(
                    LocalProcManager.exitOf(mine.gone().join()));
        }
        var _ = manager.remove(procId, mine);
        return LocalProcManager.exitOf(mine.destroy(grace, reason));
    }
}
