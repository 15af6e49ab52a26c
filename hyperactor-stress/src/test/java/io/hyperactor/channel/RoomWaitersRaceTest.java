package io.hyperactor.channel;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Races;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Whoever waits for room is woken when there is some, also if it comes while he begins to wait.
final class RoomWaitersRaceTest {
    /// Of the planted one, which waits so long when it waits in vain.
    private static final Duration IN_VAIN = Duration.ofSeconds(1);

    @Test
    void nobodyWaitsWhenThereIsRoom() throws Exception {
        Races.check(() -> {
            RoomWaiters waiters = new RoomWaiters();
            return new Round(waiters::await, waiters::signal, Races.PATIENCE);
        });
    }

    @Test
    void whoTriesBeforeHeCanBeSeenIsCaught() throws Exception {
        Races.assertCaught(() -> {
            SeenTooLate waiters = new SeenTooLate();
            return new Round(waiters::await, waiters::signal, IN_VAIN);
        });
    }

    private interface Waiting {
        boolean await(BooleanSupplier attempt, long nanos);
    }

    /// One wants room while it comes.
    private static final class Round implements Races.Round {
        private final Waiting waiting;
        private final Runnable signal;
        private final Duration patience;
        private final AtomicInteger room = new AtomicInteger();
        private final AtomicInteger late = new AtomicInteger();

        Round(Waiting waiting, Runnable signal, Duration patience) {
            this.waiting = waiting;
            this.signal = signal;
            this.patience = patience;
        }

        @Override
        public List<Runnable> parts() {
            return List.of(this::take, this::give);
        }

        private void take() {
            long start = System.nanoTime();
            boolean taken = waiting.await(() -> room.compareAndSet(1, 0), patience.toNanos());
            if (!taken || System.nanoTime() - start >= patience.toNanos()) {
                late.incrementAndGet();
            }
        }

        private void give() {
            room.incrementAndGet();
            signal.run();
        }

        @Override
        public void check() {
            Check.same(0, late.get(), "waited in vain");
        }
    }

    /// [RoomWaiters] but for the order of two lines.
    private static final class SeenTooLate {
        private final ConcurrentLinkedQueue<Thread> waiting = new ConcurrentLinkedQueue<>();

        boolean await(BooleanSupplier attempt, long nanos) {
            long deadline = System.nanoTime() + nanos;
            Thread self = Thread.currentThread();
            while (true) {
                boolean taken = attempt.getAsBoolean();
                long left = deadline - System.nanoTime();
                if (taken || left <= 0) {
                    return taken;
                }
                waiting.add(self); // should be the first line
                LockSupport.parkNanos(this, left);
                waiting.remove(self);
            }
        }

        void signal() {
            waiting.forEach(LockSupport::unpark);
        }
    }
}
