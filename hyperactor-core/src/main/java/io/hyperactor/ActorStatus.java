package io.hyperactor;

import org.jspecify.annotations.Nullable;

/// Where an actor or a client is in its life.
///
/// [Stopped] and [Failed] are terminal: once observed, the status never changes again, the
/// supervision event has been sent and the mailbox refuses messages.
public sealed interface ActorStatus {
    /// Spawned; its `init` has not begun.
    record Created() implements ActorStatus {}

    /// A client: driven by a plain thread, without a message loop.
    record Attached() implements ActorStatus {}

    /// Waiting for messages.
    record Idle() implements ActorStatus {}

    /// Scheduled or running: it has messages to handle.
    record Processing() implements ActorStatus {}

    /// Asked to stop, or failed; what was accepted is being handled, or children are being waited
    /// for.
    ///
    /// @param reason why it was asked; empty once it has failed
    record Stopping(String reason) implements ActorStatus {}

    /// Ended in good order.
    record Stopped(String reason) implements ActorStatus {}

    /// Ended by a failure.
    ///
    /// @param cause what was thrown, or a [HyperactorException.Aborted] when it was forced to end
    record Failed(Throwable cause) implements ActorStatus {
        @Override
        public String toString() {
            return "Failed[" + Texts.describe(cause) + "]";
        }
    }

    /// Whether this status is final.
    default boolean isTerminal() {
        return this instanceof Stopped || this instanceof Failed;
    }

    /// What failed, or null when this is not a failure.
    default @Nullable Throwable failure() {
        return this instanceof Failed(Throwable cause) ? cause : null;
    }
}
