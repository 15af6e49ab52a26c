package io.hyperactor.channel;

/// Bugs planted in the simulated ends, one at a time, to see that the checker finds them.
enum Mutant {
    /// No bug.
    NONE,
    ACK_BEFORE_ENQUEUE,
    ACK_PAST_GAP,
    RESET_EXPECTED_ON_RECONNECT,
    NO_DEDUP_ON_RESUME,
    RETURN_AFTER_DEADLINE,
    FORGET_LEFTOVERS,
    UNBIND_BEFORE_DRAIN,
    REUSED_INCARNATION,
    END_BEFORE_LAST_MESSAGE,
    WINDOW_OFF_BY_ONE,
    /// Beyond the ten: the number of a session alone resumes it.
    NO_TICKET_NEEDED,
    /// Beyond the ten: a welcome counts as an acknowledgement, though a refusal may be told after
    /// it.
    WELCOME_ACKNOWLEDGES,
    /// Beyond the ten: only an acknowledgement is progress.
    BYTES_ARE_NO_PROGRESS
}
