package io.hyperactor;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A process in which time stands still and no thread runs: what is to come later, or is executed,
/// waits for whoever plays the timer or a worker.
final class StillProcess implements Clockwork {
    private static final Dispatcher NEVER_USED = dispatcher();
    private static final Timers.Timer NEVER_CANCELLED =
            new Timers(() -> 0).set(Duration.ZERO, () -> {});

    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();

    static Dispatcher dispatcher() {
        return new Dispatcher("still", 0, Duration.ZERO, _ -> {}, _ -> {});
    }

    /// The way of news out of that process.
    Home home(MailboxSender way) {
        return new Home(way, new OwnProcess(this, NEVER_USED));
    }

    /// Runs the oldest of what was to come later. False if there is nothing.
    boolean runNext() {
        Runnable next = due.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public long random() {
        return 1;
    }

    @Override
    public long secret() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timers.Timer after(Duration delay, Runnable action) {
        due.add(action);
        return NEVER_CANCELLED;
    }

    @Override
    public void apart(Runnable action) {
        throw new UnsupportedOperationException();
    }
}
