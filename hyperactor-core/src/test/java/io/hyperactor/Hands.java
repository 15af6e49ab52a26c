package io.hyperactor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/// Time that a test moves; what is to come later it runs by hand.
final class Hands implements Clockwork {
    final Queue<Runnable> due = new ArrayDeque<>();

    /// There is no memory for anything to come later.
    boolean faulty;

    private long now;

    Hands(long now) {
        this.now = now;
    }

    void pass(long nanos) {
        now += nanos;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long random() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long secret() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timers.Timer after(Duration delay, Runnable action) {
        if (faulty) {
            throw new OutOfMemoryError("as it should");
        }
        due.add(action);
        return new Timers(this::nanoTime).set(delay, action);
    }

    @Override
    public void apart(Runnable action) {
        throw new UnsupportedOperationException();
    }
}
