package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Instance;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A spawned proc, as its manager sees it. It speaks of the proc, the runtime and its actors; the
/// operating-system process around it, if there is one of its own, ends with it.
///
/// **Threads:** any; handles are cheap to share.
///
/// @param <A> the protocol of the proc's agent
public interface ProcHandle<A> {
    /// The proc's identity on its host.
    ProcId procId();

    /// Where the proc takes messages; present once [#ready()] has completed. Use [ReadyProc] to
    /// read it.
    Optional<ChannelAddress> address();

    /// The proc's agent; present once [#ready()] has completed. Use [ReadyProc] to read it.
    Optional<ActorRef<A>> agent();

    /// What it asks for of whoever sends to its address; [Secret#NONE] if it asks for nothing.
    Secret secret();

    /// The id of its operating-system process, if it has one of its own.
    OptionalLong pid();

    /// Completes when the proc serves its address and its agent exists; exceptionally with a
    /// [ReadyException] if that will never be. The same for any number of waiters.
    CompletableFuture<Void> ready();

    /// Completes with how the proc ended, as it really did; exceptionally with a
    /// [TerminateException.ChannelClosed] if the manager can no longer know. The same for any
    /// number of waiters. What is hung on it runs on the thread that then removes the proc's socket
    /// and closes its log: if it blocks they stay for so long, and nobody else waits.
    CompletableFuture<ProcExit> exit();

    /// Completes together with [#exit()] with all that is known about the end.
    default CompletableFuture<ExitReport> report() {
        return exit().thenApply(ExitReport::of);
    }

    /// Runs `action` when the proc has ended, before anybody is told by [#exit()]; at once if it
    /// has. It must not block.
    void atEnd(Consumer<ExitReport> action);

    /// Asks the proc to end in good order within `grace`, then uses force, and waits for the end.
    /// Calling it twice or from several threads is safe: there is one ending, and each caller gets
    /// it.
    ///
    /// @param cx who asks
    /// @param reason for logs and for the actors that are stopped
    /// @return how it ended, the same that [#exit()] gives
    /// @throws TerminateException.AlreadyTerminated if it had ended before the call
    /// @throws TerminateException.Unsupported if the manager can not do that
    /// @throws TerminateException.Io if it has not ended in spite of all force
    ProcExit terminate(Instance cx, Duration grace, String reason) throws InterruptedException;

    /// Ends the proc at once by force, and waits for the end. Otherwise like [#terminate].
    ProcExit kill() throws InterruptedException;
}
