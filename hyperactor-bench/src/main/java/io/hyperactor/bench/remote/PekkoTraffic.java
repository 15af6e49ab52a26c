package io.hyperactor.bench.remote;

import org.apache.pekko.actor.typed.ActorRef;

/// [Traffic] for Pekko. Its remoting drops what its send queue has no room for, so the receiver
/// must tell the sender how far it is.
sealed interface PekkoTraffic {
    /// Announces a number of [Data]; answered with [Handled], at once and then after each
    /// `reportEvery` of them.
    record Expect(long messages, long reportEvery, ActorRef<PekkoTraffic> sender)
            implements PekkoTraffic {}

    /// How many [Data] have been handled.
    record Handled(long messages) implements PekkoTraffic {}

    record Data(long id, byte[] payload) implements PekkoTraffic {}

    record Request(long id, byte[] payload, ActorRef<PekkoTraffic> replyTo)
            implements PekkoTraffic {}

    record Reply(long id, byte[] payload) implements PekkoTraffic {}
}
