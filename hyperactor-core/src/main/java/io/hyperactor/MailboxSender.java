package io.hyperactor;

import io.hyperactor.wire.ProcId;

import java.util.concurrent.CompletableFuture;

/// Takes envelopes and brings them nearer to their destination, or back to their sender: a proc, a
/// router, a channel to elsewhere.
///
/// **Threads:** any, also event loops: nothing here blocks.
public interface MailboxSender {
    /// Delivers, forwards or returns the envelope. False means that there is no room now and
    /// nothing was done: offer it again later. A failure to deliver is not an error of this call;
    /// it goes to the envelope's sender.
    boolean offer(Envelope envelope);

    /// Completes when everything offered before this call has been acknowledged by the next
    /// process, or has failed. Acknowledged means queued there, not handled. Perhaps on an event
    /// loop's thread: what depends on it must not block, nor send.
    CompletableFuture<Void> flush();

    /// Whether that proc is in here: what goes back to it then stays in this process, whole.
    default boolean isHomeOf(ProcId proc) {
        return false;
    }
}
