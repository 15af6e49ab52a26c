package io.hyperactor.bench.remote;

import io.hyperactor.OncePortRef;

/// What a [Sink] takes.
public sealed interface Traffic {
    /// Announces a number of [Data]. Replies once, when the last of them was handled.
    record Expect(long messages, OncePortRef<Long> done) implements Traffic {}

    /// One of them. No reply.
    record Data(long id, byte[] payload) implements Traffic {}

    /// Replies once, with the same.
    record Request(long id, byte[] payload, OncePortRef<Reply> replyTo) implements Traffic {}

    /// The answer to a [Request].
    record Reply(long id, byte[] payload) {}

    /// A payload that makes a message of `size` bytes together with the id.
    static byte[] payload(int size) {
        return new byte[size - Long.BYTES];
    }
}
