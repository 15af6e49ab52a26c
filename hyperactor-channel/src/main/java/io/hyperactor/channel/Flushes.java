package io.hyperactor.channel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Who waits for acknowledgements, in the order of what they wait for.
///
/// **Threads:** added to by one at a time; completed by one at a time, which may be another.
final class Flushes {
    private record Flush(long sequence, CompletableFuture<Void> future) {}

    private final ConcurrentLinkedQueue<Flush> waiting = new ConcurrentLinkedQueue<>();

    /// Completes when `sequence` is acknowledged. Sequences never go back from one call to the
    /// next.
    CompletableFuture<Void> add(long sequence) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiting.add(new Flush(sequence, future));
        return future;
    }

    void acknowledged(long sequence) {
        for (Flush first = waiting.peek();
                first != null && first.sequence <= sequence;
                first = waiting.peek()) {
            waiting.poll();
            first.future.complete(null);
        }
    }

    void fail(ChannelException cause) {
        for (Flush first = waiting.poll(); first != null; first = waiting.poll()) {
            first.future.completeExceptionally(cause);
        }
    }
}
