package io.hyperactor.bench.remote;

import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/// Requests that start by the clock, whatever became of those before. Their times count from when
/// they should have started, so that one that is late because of others is not let off.
final class OpenLoop {
    private static final int IN_FLIGHT = 64;
    private static final int TO_CALIBRATE = 20_000;
    private static final int CALIBRATIONS = 6;
    private static final long SPIN_NANOS = 10_000;
    private static final double PERCENT = 100;

    /// How many requests there are in a second.
    ///
    /// @param value percent of the most that can be done with 64 requests under way; or the number
    ///   itself
    record Load(double value, boolean isPercent) {
        /// Reads `50%`, or `5000/s`.
        static Load parse(String text) {
            boolean percent = text.endsWith("%");
            String number = text.substring(0, text.length() - (percent ? 1 : 2));
            return new Load(Integer.parseInt(number), percent);
        }

        double perSecond(double most) {
            return isPercent ? most * value / PERCENT : value;
        }
    }

    private final LongFunction<? extends CompletionStage<?>> request;
    private final double nanosBetween;

    /// Finds out first, whatever the load, how many can be done: so whoever asks is warm.
    OpenLoop(Load load, LongFunction<? extends CompletionStage<?>> request) throws Exception {
        this.request = request;
        double most = 1;
        for (int i = 0; i < CALIBRATIONS; i++) { // the last one is warm
            most = InFlight.perSecond(TO_CALIBRATE, IN_FLIGHT, request);
        }
        nanosBetween = TimeUnit.SECONDS.toNanos(1) / load.perSecond(most);
    }

    Round run(int operations) throws InterruptedException, TimeoutException {
        long[] nanos = new long[operations];
        CountDownLatch left = new CountDownLatch(operations);
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            int index = i;
            long planned = start + (long) (i * nanosBetween);
            await(planned);
            var _ =
                    request.apply(i)
                            .whenComplete((_, failure) -> {
                                nanos[index] = System.nanoTime() - planned;
                                if (failure != null) {
                                    failed.compareAndSet(null, failure);
                                }
                                left.countDown();
                            });
        }
        if (!left.await(Sender.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new TimeoutException(left.getCount() + " requests without an answer");
        }
        if (failed.get() != null) {
            throw new IllegalStateException("a request failed", failed.get());
        }
        return Statistics.latencies(nanos);
    }

    private static void await(long planned) {
        for (long left = planned - System.nanoTime();
                left > 0;
                left = planned - System.nanoTime()) {
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(left);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
