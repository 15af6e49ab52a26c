package io.hyperactor;

import io.hyperactor.wire.ActorId;

import java.util.Optional;

/// An actor has ended. Sent once per actor, to its parent, or for a root actor to the supervisor of
/// its proc; clean stops are told too.
///
/// @param actor the actor that ended; when a failure travelled up unhandled this is still the actor
///   that failed first
/// @param status its terminal status
public record SupervisionEvent(ActorId actor, ActorStatus status) {
    /// Whether the actor failed, as opposed to being stopped.
    public boolean isFailure() {
        return status instanceof ActorStatus.Failed;
    }

    /// The failure, if it is one.
    public Optional<Throwable> cause() {
        return Optional.ofNullable(status.failure());
    }
}
