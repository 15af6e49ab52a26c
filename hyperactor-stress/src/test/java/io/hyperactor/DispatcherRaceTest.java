package io.hyperactor;

import io.hyperactor.stress.Check;
import io.hyperactor.stress.Races;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Work from outside runs, also if it comes while a worker lies down. No ticker mends it.
final class DispatcherRaceTest {
    /// Of the planted one, which waits so long when it waits in vain.
    private static final Duration IN_VAIN = Duration.ofSeconds(1);

    private static final long SEED = System.nanoTime();

    private final Random random = new Random(SEED);

    private static Dispatcher dispatcher(int target) {
        return new Dispatcher("race", target, Duration.ofSeconds(10), Thread::start, _ -> {});
    }

    @Test
    void whatComesWhileTheOnlyWorkerLiesDownRuns() throws Exception {
        Dispatcher dispatcher = dispatcher(1);
        Races.check(() -> new Round(dispatcher::execute, 1, random, Races.PATIENCE));
    }

    @Test
    void whatComesWhileOneWorkerPollsAndOthersLieDownRuns() throws Exception {
        Dispatcher dispatcher = dispatcher(3);
        Races.check(() -> new Round(dispatcher::execute, 2, random, Races.PATIENCE));
    }

    @Test
    void whoLooksAndLiesDownThenIsCaught() throws Exception {
        LooksAndLiesDown worker = new LooksAndLiesDown();
        Thread.ofPlatform().daemon().start(worker::work);
        Races.assertCaught(() -> new Round(worker, 1, random, IN_VAIN));
    }

    /// Each caller executes something, and when that has run and the worker perhaps lies down, one
    /// thing more.
    private static final class Round implements Races.Round {
        private static final int LONGEST_PAUSE_BITS = 12;

        private final Executor executor;
        private final List<Integer> pauses;
        private final Duration patience;
        private final AtomicInteger inVain = new AtomicInteger();

        Round(Executor executor, int callers, Random random, Duration patience) {
            this.executor = executor;
            this.pauses =
                    random.ints(callers, 0, LONGEST_PAUSE_BITS)
                            .mapToObj(bits -> random.nextInt(1 << bits))
                            .toList();
            this.patience = patience;
        }

        @Override
        public List<Runnable> parts() {
            return pauses.stream().<Runnable>map(pause -> () -> twice(pause)).toList();
        }

        private void twice(int pause) {
            once();
            for (int i = 0; i < pause; i++) {
                Thread.onSpinWait();
            }
            once();
        }

        /// Looks all the time, for who sleeps comes too late.
        private void once() {
            AtomicBoolean ran = new AtomicBoolean();
            long end = System.nanoTime() + patience.toNanos();
            executor.execute(() -> ran.set(true));
            while (!ran.get()) {
                if (System.nanoTime() - end >= 0) {
                    inVain.incrementAndGet();
                    return;
                }
                Thread.onSpinWait();
            }
        }

        @Override
        public void check() {
            Check.same(0, inVain.get(), "waited in vain, seed " + SEED);
        }
    }

    /// One worker like [Worker], but for the order of two lines.
    private static final class LooksAndLiesDown implements Executor {
        /// Else it is caught too, but on a busy machine only after a minute.
        private static final int SPINS = 100;

        private final ConcurrentLinkedQueue<Runnable> shared = new ConcurrentLinkedQueue<>();
        private volatile Thread asleep;

        @Override
        public void execute(Runnable activation) {
            shared.offer(activation);
            Thread sleeper = asleep;
            if (sleeper != null) {
                asleep = null;
                LockSupport.unpark(sleeper);
            }
        }

        void work() {
            while (true) {
                Runnable next = shared.poll();
                if (next != null) {
                    next.run();
                } else {
                    for (int i = 0; i < SPINS; i++) {
                        Thread.onSpinWait();
                    }
                    asleep = Thread.currentThread(); // should be the first line
                    while (asleep != null) {
                        LockSupport.park(this);
                    }
                }
            }
        }
    }
}
