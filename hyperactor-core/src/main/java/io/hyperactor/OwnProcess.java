package io.hyperactor;

import java.time.Duration;

/// What all procs, routers and servers of one process have in common. It comes in by constructor,
/// so that a simulation can have several processes in one.
///
/// **Threads:** any.
final class OwnProcess {
    private static final long RETURNS_MAX_BYTES = 64 << 20;
    private static final Duration RETURNS_PATIENCE = Duration.ofSeconds(30);

    private static final class Shared {
        static final OwnProcess INSTANCE = new OwnProcess(Clockwork.REAL, Dispatcher.shared());
    }

    private final Clockwork clockwork;
    private final Dispatcher dispatcher;
    private final ReturnQueue returns;
    private final Crowds crowds;

    OwnProcess(Clockwork clockwork, Dispatcher dispatcher) {
        this.clockwork = clockwork;
        this.dispatcher = dispatcher;
        this.returns = new ReturnQueue(RETURNS_MAX_BYTES, RETURNS_PATIENCE, clockwork);
        this.crowds = new Crowds(clockwork);
    }

    /// The one that this code really runs in.
    static OwnProcess shared() {
        return Shared.INSTANCE;
    }

    Clockwork clockwork() {
        return clockwork;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /// News that waits for room on its way.
    ReturnQueue returns() {
        return returns;
    }

    /// Its places that are crowded.
    Crowds crowds() {
        return crowds;
    }
}
