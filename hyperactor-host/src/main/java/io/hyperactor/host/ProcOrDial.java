package io.hyperactor.host;

import io.hyperactor.DialRouter;
import io.hyperactor.Envelope;
import io.hyperactor.MailboxSender;
import io.hyperactor.Proc;
import io.hyperactor.wire.ProcId;

import java.util.concurrent.CompletableFuture;

/// What a host serves on both its addresses: its own two procs in process, everything else by
/// dialling.
final class ProcOrDial implements MailboxSender {
    private final Proc service;
    private final Proc local;
    private final DialRouter router;

    ProcOrDial(Proc service, Proc local, DialRouter router) {
        this.service = service;
        this.local = local;
        this.router = router;
    }

    @Override
    public boolean offer(Envelope envelope) {
        ProcId proc = envelope.proc();
        if (proc.equals(service.id())) {
            return service.offer(envelope);
        }
        if (proc.equals(local.id())) {
            return local.offer(envelope);
        }
        return router.offer(envelope);
    }

    @Override
    public boolean isHomeOf(ProcId proc) {
        return service.isHomeOf(proc) || local.isHomeOf(proc);
    }

    /// All three at the same time; fails with the first failure in the order service, local,
    /// router, once all have ended.
    @Override
    public CompletableFuture<Void> flush() {
        CompletableFuture<Void> first = service.flush();
        CompletableFuture<Void> second = local.flush();
        CompletableFuture<Void> third = router.flush();
        CompletableFuture<Void> all = new CompletableFuture<>();
        var _ =
                CompletableFuture.allOf(first, second, third)
                        .whenComplete((done, failure) -> settle(all, first, second, third));
        return all;
    }

    /// Completes `all` with the first failure among the parts, which have all ended.
    @SafeVarargs
    private static void settle(CompletableFuture<Void> all, CompletableFuture<Void>... parts) {
        for (CompletableFuture<Void> part : parts) {
            if (part.isCompletedExceptionally()) {
                all.completeExceptionally(part.exceptionNow());
                return;
            }
        }
        all.complete(null);
    }
}
