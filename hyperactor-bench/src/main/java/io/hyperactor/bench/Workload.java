package io.hyperactor.bench;

/// What a contender does: made once in a process of its own, then run round after round, by one
/// thread.
@FunctionalInterface
public interface Workload extends AutoCloseable {
    /// Does this many operations and tells how long they took.
    ///
    /// @throws Exception if it could not do them all; the contender is then out
    Round round(int operations) throws Exception;

    /// Ends what the rounds needed.
    @Override
    default void close() {}
}
