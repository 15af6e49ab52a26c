package io.hyperactor;

import java.util.concurrent.CompletableFuture;

/// Returns everything: the way out of a proc that has none.
final class Unroutable implements MailboxSender {
    @Override
    public boolean offer(Envelope envelope) {
        envelope.undeliverable(DeliveryFailure.Reason.NO_ROUTE, "no way to " + envelope.proc());
        return true;
    }

    @Override
    public CompletableFuture<Void> flush() {
        return CompletableFuture.completedFuture(null);
    }
}
