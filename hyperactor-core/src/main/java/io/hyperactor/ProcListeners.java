package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Whom a proc tells of its actors. Their faults must not end the thread that tells them.
///
/// **Threads:** any.
final class ProcListeners {
    private static final Logger LOG = LoggerFactory.getLogger(Proc.class);

    private final ProcId proc;

    /// Completes with the first unhandled failure.
    final CompletableFuture<SupervisionEvent> failed = new CompletableFuture<>();

    volatile Consumer<SupervisionEvent> supervisor = ProcListeners::logEnd;
    volatile Consumer<StuckActor> onStuck = stuck -> LOG.warn("{}", stuck);
    volatile Consumer<Error> onFatal = error -> LOG.error("fatal error", error);

    ProcListeners(ProcId proc) {
        this.proc = proc;
    }

    private static void logEnd(SupervisionEvent event) {
        event.cause().ifPresent(cause -> LOG.error("actor {} failed", event.actor(), cause));
    }

    void stuck(StuckActor actor) {
        Thread.startVirtualThread(
                () -> callOut("listener for stuck actors", () -> onStuck.accept(actor)));
    }

    void rootEnded(SupervisionEvent event) {
        if (event.isFailure()) {
            failed.complete(event);
        }
        callOut("supervisor", () -> supervisor.accept(event));
    }

    /// Calls what the user of this proc gave.
    void callOut(String what, Runnable call) {
        try {
            call.run();
        } catch (Throwable t) {
            LOG.error("the {} of {} threw", what, proc, t);
        }
    }

    /// Takes no memory, for there may be none.
    void tellIfFatal(Throwable thrown) {
        if (!(thrown instanceof VirtualMachineError error)
                || thrown instanceof StackOverflowError) {
            return;
        }
        try {
            onFatal.accept(error);
        } catch (Throwable t) {
            Dispatcher.fault("the listener for fatal errors threw", t);
        }
    }
}
