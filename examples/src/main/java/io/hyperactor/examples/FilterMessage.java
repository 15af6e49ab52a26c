package io.hyperactor.examples;

import io.hyperactor.OncePortRef;

import java.util.List;

/// The protocol of a [Filter]. It crosses procs.
sealed interface FilterMessage {
    /// A number that no filter before this one divides. They arrive in rising order.
    record Candidate(long number) implements FilterMessage {}

    /// Collects the primes of the chain: each filter adds its own and passes this on, and the last
    /// one replies, in rising order.
    ///
    /// It overtakes no candidate: between two actors messages keep their order.
    record Collect(List<Long> primes, OncePortRef<List<Long>> replyTo) implements FilterMessage {}
}
