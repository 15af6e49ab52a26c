package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Ends many procs within one grace: so many at a time, as long as it is not half over. Then all
/// that are left are asked at once, so that each has half of it, and those in front of it that do
/// not end cannot keep it from being asked.
final class InFlight {
    private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

    /// So long they are taken in turns at least, for a kill takes some time too.
    private static final long TURNS_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private InFlight() {}

    /// What ends one.
    interface Ending<T> {
        /// Ends it.
        ///
        /// @param left of the grace
        Object end(T proc, Duration left) throws InterruptedException;
    }

    /// Ends them, in this order. A proc that had ended before counts as ok. If the caller is
    /// interrupted the endings go on.
    static <T> TerminateSummary all(
            List<T> procs,
            int maxInFlight,
            Duration grace,
            Ending<T> ending,
            Function<T, Object> name)
            throws InterruptedException {
        List<One<T>> all = new ArrayList<>();
        long deadline = System.nanoTime() + Durations.nanos(grace);
        for (T proc : procs) {
            all.add(new One<>(proc, deadline, ending, name));
        }
        long turnsEnd = deadline - Durations.nanos(grace) / 2;
        long turnsMin = System.nanoTime() + TURNS_MIN_NANOS;
        Thread.ofVirtual()
                .start(() -> begin(all, Math.max(1, maxInFlight), Math.max(turnsEnd, turnsMin)));
        int ok = 0;
        for (One<T> one : all) {
            ok += one.isOk() ? 1 : 0;
        }
        return new TerminateSummary(all.size(), ok, all.size() - ok);
    }

    private static void begin(List<? extends One<?>> all, int maxInFlight, long turnsEnd) {
        Semaphore turns = new Semaphore(maxInFlight);
        for (One<?> one : all) {
            try {
                boolean turn = turns.tryAcquire(turnsEnd - System.nanoTime(), TimeUnit.NANOSECONDS);
                Thread.ofVirtual().start(() -> one.run(turn ? turns::release : () -> {}));
            } catch (InterruptedException | Error e) { // whoever waits is told
                one.failed(e);
            }
        }
    }

    /// One that is to be ended.
    private record One<T>(
            T proc,
            long deadline,
            Ending<T> ending,
            Function<T, Object> name,
            CompletableFuture<Boolean> ok) {
        One(T proc, long deadline, Ending<T> ending, Function<T, Object> name) {
            this(proc, deadline, ending, name, new CompletableFuture<>());
        }

        boolean isOk() throws InterruptedException {
            try {
                return ok.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("an ending reports its failure", e);
            }
        }

        void run(Runnable turnOver) {
            try {
                long left = Math.max(0, deadline - System.nanoTime());
                var _ = ending.end(proc, Duration.ofNanos(left));
                ok.complete(true);
            } catch (TerminateException.AlreadyTerminated before) {
                ok.complete(true);
            } catch (TerminateException stuck) { // which says all there is to say
                ok.complete(false);
                LOG.warn("could not end {}: {}", name.apply(proc), stuck.getMessage());
            } catch (Throwable e) { // an Error too: somebody waits
                failed(e);
            } finally {
                turnOver.run();
            }
        }

        void failed(Throwable e) {
            ok.complete(false);
            LOG.warn("could not end {}", name.apply(proc), e);
        }
    }
}
