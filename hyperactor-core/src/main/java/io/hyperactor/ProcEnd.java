package io.hyperactor;

import io.hyperactor.wire.ActorId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The one end of a proc: its actors drain or are aborted, and what they sent goes out.
///
/// **Threads:** any.
final class ProcEnd {
    private static final Logger LOG = LoggerFactory.getLogger(ProcEnd.class);

    private final Proc proc;
    private final Instances instances;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Proc.Destroyed> destroyed = new CompletableFuture<>();
    private volatile boolean flushed; // all that went out until its actors had ended

    ProcEnd(Proc proc, Instances instances) {
        this.proc = proc;
        this.instances = instances;
    }

    /// Begins it in the background, unless that was done before.
    ///
    /// @param grace for the actors to drain in, all together
    void begin(Duration grace, String reason) {
        if (begun.compareAndSet(false, true)) {
            String name = "hyperactor-stop-" + proc.id().name();
            Runnable end = () -> end(grace, reason);
            try {
                Thread.ofPlatform().name(name).start(end);
            } catch (OutOfMemoryError e) { // there may be no more of these
                Thread.ofVirtual().name(name).start(end);
            }
        }
    }

    /// Completes when it is over. Not to be handed out.
    CompletableFuture<Proc.Destroyed> over() {
        return destroyed;
    }

    private void end(Duration grace, String reason) {
        try {
            destroyed.complete(destroy(grace, reason));
        } catch (Throwable t) {
            destroyed.completeExceptionally(t); // or everybody would wait for ever
        }
    }

    private Proc.Destroyed destroy(Duration grace, String reason) throws InterruptedException {
        instances.close();
        List<ActorCell<?>> roots = instances.roots();
        roots.forEach(root -> root.signal(new Signal.Stop(reason, true)));
        long end = System.nanoTime() + Proc.nanos(grace);
        for (ActorCell<?> root : roots) {
            boolean _ = await(root.ended(), end - System.nanoTime());
        }
        List<ActorId> stopped = new ArrayList<>();
        List<ActorId> aborted = new ArrayList<>();
        for (ActorCell<?> root : roots) {
            if (root.abort(reason)) {
                aborted.add(root.id());
            } else if (!root.isWithdrawn()) { // ended, or is telling so at this moment
                boolean _ = await(root.ended(), Proc.nanos(proc.config().flushTimeout()));
                stopped.add(root.id());
            }
        }
        flushed = flush();
        return new Proc.Destroyed(stopped, aborted);
    }

    private boolean flush() throws InterruptedException {
        try {
            return await(proc.flush(), Proc.nanos(proc.config().flushTimeout()));
        } catch (RuntimeException e) { // a way out that fails must not keep the proc alive
            LOG.warn("while flushing {}", proc, e);
            return false;
        }
    }

    /// Waits for what has come since the actors ended, and goes back. Peers that were waited for in
    /// vain before are not waited for again.
    void flushAgain() {
        try {
            boolean _ = flushed && flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever closes the proc goes on with it
        }
    }

    /// @return false if the time is over
    private static boolean await(CompletableFuture<?> future, long nanos)
            throws InterruptedException {
        try {
            future.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true; // some peer has gone: there is nobody to wait for
        } catch (TimeoutException e) {
            return false;
        }
    }
}
