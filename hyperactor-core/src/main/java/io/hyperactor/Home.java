package io.hyperactor;

import io.hyperactor.wire.ProcId;

import java.util.concurrent.CompletableFuture;

/// The way by which news about messages goes to their senders.
///
/// @param way the proc or router that they live behind
/// @param process where news waits that finds no room
record Home(MailboxSender way, OwnProcess process) {
    /// One in the process that this code really runs in.
    static Home of(MailboxSender way) {
        return new Home(way, OwnProcess.shared());
    }

    /// Sends `news` now, or when there is room. Never blocks.
    ///
    /// @param size how many bytes it holds, roughly
    void send(Envelope news, int size) {
        process.news().send(news, size, way);
    }

    /// Completes when none waits any more.
    CompletableFuture<Void> drained() {
        return process.news().drained(way);
    }

    /// Whether that proc is in here: what goes back to it stays in this process.
    boolean isHomeOf(ProcId proc) {
        return way.isHomeOf(proc);
    }
}
