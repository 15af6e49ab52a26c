package io.hyperactor.channel;

import java.util.random.RandomGenerator;

/// The secret that resumes a session. The server hands it out in its welcome, another one each
/// time, so knowing a session's number, or an old ticket, resumes nothing.
record Ticket(long high, long low) {
    static final int BYTES = 16;

    /// What who has none shows.
    static final Ticket NONE = new Ticket(0, 0);

    static Ticket next(RandomGenerator secrets) {
        Ticket made = new Ticket(secrets.nextLong(), secrets.nextLong());
        return made.isNone() ? next(secrets) : made;
    }

    boolean isNone() {
        return (high | low) == 0;
    }

    /// Is it the same? Takes the same time whatever the difference, and no ticket matches none.
    boolean matches(Ticket other) {
        long difference = (high ^ other.high) | (low ^ other.low);
        return !isNone() && difference == 0;
    }

    /// Not for logs.
    @Override
    public String toString() {
        return "Ticket[secret]";
    }
}
