package io.hyperactor.system;

import io.hyperactor.OncePortRef;

/// The protocol of a [Recipient].
sealed interface Tally {
    /// A message that its sender has written down, and its recipient does.
    record Note(int stream, long number, byte[] padding) implements Tally {}

    /// Has notes written down in that file from now on, and replies.
    record Open(String file, int recordsMax, OncePortRef<Long> replyTo) implements Tally {}

    /// Replies with how many notes have come.
    record Count(OncePortRef<Long> replyTo) implements Tally {}

    /// The same, when a request of its own has run out of time: what the runtime was to do earlier
    /// is done by then.
    record CountLater(OncePortRef<Long> replyTo) implements Tally {}

    /// Nothing comes of it.
    record Ignored() implements Tally {}

    /// Replies, and then handles nothing until that file is there.
    record Block(String untilFile, OncePortRef<Long> replyTo) implements Tally {}

    /// Computes until that file is there, and does not look up.
    record Spin(String untilFile, OncePortRef<Long> replyTo) implements Tally {}
}
