package io.hyperactor;

/// The protocol of most tests.
sealed interface Work {
    /// One of a row of numbered messages, without a reply.
    record Item(long value) implements Work {}

    /// Something to be answered, or not.
    record Question(long value, OncePortRef<Long> replyTo) implements Work {}

    /// Something to do that the test knows by name.
    record Do(String what) implements Work {}
}
