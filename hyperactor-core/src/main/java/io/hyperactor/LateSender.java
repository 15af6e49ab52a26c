package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;

/// Stands for a sender that is made a moment later: until then it has no room.
final class LateSender implements MailboxSender {
    private volatile @Nullable MailboxSender target;

    void become(MailboxSender sender) {
        target = sender;
    }

    @Override
    public boolean offer(Envelope envelope) {
        MailboxSender sender = target;
        return sender != null && sender.offer(envelope);
    }

    @Override
    public CompletableFuture<Void> flush() {
        MailboxSender sender = target;
        return sender == null ? CompletableFuture.completedFuture(null) : sender.flush();
    }
}
