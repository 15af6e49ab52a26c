package io.hyperactor.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/// Asks one proc again and again whether it still answers, and tells what follows: the edge around
/// [Silence].
///
/// **Closing:** whoever made it closes it when the proc has ended.
final class LivenessProbe implements AutoCloseable {
    private final ActorRef<EchoMessage> actor;
    private final Liveness liveness;
    private final Client client;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final BiConsumer<Silence.Change, Duration> changed;

    private final ReentrantLock lock = new ReentrantLock();
    private Silence silence; // guarded by lock, as the rest
    private long askAt;
    private long dueAt; // when to look again
    private boolean asking;
    private boolean closed;

    /// @param changed is told what has changed and for how long the proc has been silent; must not
    ///   block
    LivenessProbe(
            ProcId proc,
            Liveness liveness,
            Client client,
            ScheduledExecutorService timer,
            LongSupplier nanoTime,
            BiConsumer<Silence.Change, Duration> changed) {
        this.actor = ActorRef.attest(proc.actor(liveness.actor(), 0), EchoMessage.class);
        this.liveness = liveness;
        this.client = client;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.changed = changed;
        long now = nanoTime.getAsLong();
        this.silence = Silence.from(liveness, now);
        this.askAt = now;
        this.dueAt = now;
    }

    /// What is due now, and again when more is.
    void run() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            long now = nanoTime.getAsLong();
            excuse(now);
            try {
                take(silence.at(now), now);
                if (!asking && now - askAt >= 0) {
                    Thread.ofVirtual().start(this::ask); // a send may wait for room
                    asking = true;
                }
            } finally { // whatever has failed: it is not the last look
                if (!silence.fatal()) {
                    long until = untilNext(now);
                    dueAt = now + until;
                    Future<?> _ = timer.schedule(this::run, until, TimeUnit.NANOSECONDS);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Who looks much too late stood still himself, or had no processor: then he could not hear.
    private void excuse(long now) {
        long late = now - dueAt;
        long much = Math.min(interval(), Durations.nanos(liveness.suspectAfter()));
        if (late > much) {
            silence = silence.without(late, now);
        }
    }

    private long interval() {
        return Durations.nanos(liveness.interval());
    }

    private long untilNext(long now) {
        long next = asking ? interval() : Math.min(interval(), Math.max(0, askAt - now));
        return silence.untilChange(now).map(until -> Math.min(next, until)).orElse(next);
    }

    private void ask() {
        try {
            var _ =
                    client.request(actor, EchoMessage::new, liveness.suspectAfter())
                            .whenComplete((answer, failure) -> answered(failure == null));
        } catch (Throwable t) { // no memory, for example: the next question may have some
            answered(false);
            throw t;
        }
    }

    private void answered(boolean heard) {
        lock.lock();
        try {
            asking = false;
            long now = nanoTime.getAsLong();
            askAt = now + interval();
            if (heard && !closed) {
                take(silence.heard(now), now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void take(Silence.Step step, long now) {
        Duration silent = Duration.ofNanos(now - silence.heardAt());
        silence = step.next();
        if (step.change() != Silence.Change.NONE) {
            changed.accept(step.change(), silent);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
