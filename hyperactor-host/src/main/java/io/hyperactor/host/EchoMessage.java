package io.hyperactor.host;

import io.hyperactor.OncePortRef;
import io.hyperactor.wire.ActorId;

/// The protocol of [EchoActor].
///
/// @param replyTo gets the id of the actor that answers
public record EchoMessage(OncePortRef<ActorId> replyTo) {}
