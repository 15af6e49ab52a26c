package io.hyperactor;

import io.hyperactor.channel.Secret;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// What the code on the way of a message takes from the process around it: time, chance, and
/// threads for what waits. A simulation has its own.
///
/// **Threads:** any.
interface Clockwork {
    /// Those of the machine.
    Clockwork REAL =
            new Clockwork() {
                @Override
                public long nanoTime() {
                    return System.nanoTime();
                }

                @Override
                public long random() {
                    return ThreadLocalRandom.current().nextLong();
                }

                @Override
                public long secret() {
                    return Secret.random().low();
                }

                @Override
                public Timers.Timer after(Duration delay, Runnable action) {
                    return Timers.after(delay, action);
                }

                @Override
                public void apart(Runnable action) {
                    Thread.ofVirtual().start(action);
                }
            };

    /// A time like [System#nanoTime()].
    long nanoTime();

    /// Any number, as likely as any other.
    long random();

    /// The same, where nobody may guess it who knows others.
    long secret();

    /// Runs `action`, which must be short, after `delay`, unless it is cancelled first.
    Timers.Timer after(Duration delay, Runnable action);

    /// Runs `action`, which may wait, beside all else.
    void apart(Runnable action);
}
