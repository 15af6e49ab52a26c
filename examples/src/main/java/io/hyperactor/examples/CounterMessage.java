package io.hyperactor.examples;

import io.hyperactor.OncePortRef;

/// The protocol of a [Counter]. It crosses procs.
public sealed interface CounterMessage {
    /// Adds `amount`, which may be negative. No reply.
    record Add(long amount) implements CounterMessage {}

    /// Replies once, with the sum of every [Add] received before it.
    record Get(OncePortRef<Long> replyTo) implements CounterMessage {}
}
