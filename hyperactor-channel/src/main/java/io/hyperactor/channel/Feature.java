package io.hyperactor.channel;

/// What a peer may be able to do, as bits of a hello. A link has those that both ends have.
final class Feature {
    /// The session outlives its connection.
    static final int RESUME = 1;

    /// Neither end is ever silent for long.
    static final int HEARTBEAT = 1 << 1;

    /// One frame can be refused, and the session goes on.
    static final int REFUSAL = 1 << 2;

    // 1 << 3 and 1 << 4 are kept for what acknowledgements may carry behind their number: a mark of
    // what was handled, and credits. Today both are said by messages of their own.

    static final int ALL = RESUME | HEARTBEAT | REFUSAL;

    private Feature() {}
}
