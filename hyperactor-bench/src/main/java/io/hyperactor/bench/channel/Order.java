package io.hyperactor.bench.channel;

/// Makes sure that nothing is lost, doubled or overtaken.
final class Order {
    private long expected;

    /// @throws IllegalStateException if it is not the number after the one before
    void next(long number) {
        if (number != expected) {
            throw new IllegalStateException("got " + number + " instead of " + expected);
        }
        expected++;
    }

    /// How many have come.
    long count() {
        return expected;
    }
}
