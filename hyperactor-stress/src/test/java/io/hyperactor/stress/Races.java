package io.hyperactor.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Starts the parts of a round at the same moment, or nearly, and checks what has become of it;
/// again and again. For what needs real threads, a selector or a whole proc.
///
/// `-Dstress.factor=…` tries so many times as long.
public final class Races {
    /// How long anything takes at most; only who waits in vain takes longer.
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration TIME =
            Duration.ofMillis(500L * Integer.getInteger("stress.factor", 1));
    private static final Duration TIME_UNTIL_CAUGHT = Duration.ofMinutes(5);
    private static final int JITTER = 400;

    private Races() {}

    /// What happens once.
    public interface Round {
        /// What is done at the same time, each by a thread of its own.
        List<Runnable> parts();

        /// Called when all parts are done. Throws if something is wrong.
        void check();
    }

    /// Fails with what goes wrong in a round.
    public static void check(Supplier<Round> rounds) throws Exception {
        run(rounds, TIME);
    }

    /// Fails unless something goes wrong soon.
    public static void assertCaught(Supplier<Round> rounds) throws Exception {
        boolean caught = false;
        try {
            run(rounds, TIME_UNTIL_CAUGHT);
        } catch (AssertionError wrong) {
            caught = true;
        }
        assertThat(caught).as("a planted bug").isTrue();
    }

    private static void run(Supplier<Round> rounds, Duration time) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int i = 0; i == 0 || System.nanoTime() - start < time.toNanos(); i++) {
                Round round = rounds.get();
                together(threads, round.parts(), random);
                try {
                    round.check();
                } catch (RuntimeException | AssertionError wrong) {
                    throw new AssertionError("round " + i + " of seed " + seed, wrong);
                }
            }
        }
    }

    private static void together(ExecutorService threads, List<Runnable> parts, Random random)
            throws Exception {
        CyclicBarrier start = new CyclicBarrier(parts.size());
        List<Future<?>> running = new ArrayList<>();
        for (Runnable part : parts) {
            int pause = random.nextInt(JITTER);
            running.add(
                    threads.submit(() -> {
                        start.await();
                        for (int i = 0; i < pause; i++) {
                            Thread.onSpinWait();
                        }
                        part.run();
                        return null;
                    }));
        }
        for (Future<?> part : running) {
            Object _ = part.get(3 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
