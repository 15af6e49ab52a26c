package io.hyperactor;

/// What is sent in the simulation; each has a number of its own.
sealed interface Note {
    long id();

    /// A plain message.
    record Tell(long id, byte[] padding) implements Note {}

    /// A request, answered with its number.
    record Ask(long id, byte[] padding, OncePortRef<Long> replyTo) implements Note {}

    /// Whoever handles it fails.
    record Bomb(long id) implements Note {}
}
