package io.hyperactor.examples;

/// The protocol of a [Philosopher]. It crosses procs.
sealed interface PhilosopherMessage {
    /// You have both forks.
    record Eat() implements PhilosopherMessage {}
}
