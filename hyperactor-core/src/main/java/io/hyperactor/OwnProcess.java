package io.hyperactor;

import java.time.Duration;

/// What all procs, routers and servers of one process have in common. It comes in by constructor,
/// so that a simulation can have several processes in one.
///
/// **Threads:** any.
final class OwnProcess {
    private static final long NEWS_MAX_BYTES = 64 << 20;
    private static final Duration NEWS_PATIENCE = Duration.ofSeconds(30);

    private static final class Shared {
        static final OwnProcess INSTANCE = new OwnProcess(Clockwork.REAL, Dispatcher.shared());
    }

    private final Clockwork clockwork;
    private final Dispatcher dispatcher;
    private final NewsQueue news;
    private final Crowds crowds;

    OwnProcess(Clockwork clockwork, Dispatcher dispatcher) {
        this.clockwork = clockwork;
        this.dispatcher = dispatcher;
        this.news = new NewsQueue(NEWS_MAX_BYTES, NEWS_PATIENCE, clockwork);
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
    NewsQueue news() {
        return news;
    }

    /// Its places that are crowded.
    Crowds crowds() {
        return crowds;
    }
}
