package io.hyperactor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/// From one activation to the next one that it wakes.
@State(Scope.Benchmark)
public class DispatcherBenchmark {
    private static final int HOPS = 10_000;

    private final Dispatcher dispatcher = Dispatcher.shared();
    private final ForkJoinPool pool =
            new ForkJoinPool(
                    Runtime.getRuntime().availableProcessors(),
                    ForkJoinPool.defaultForkJoinWorkerThreadFactory,
                    null,
                    true);

    /// Each activation makes the next one run.
    private record Relay(Executor executor, CountDownLatch done, int left) implements Runnable {
        @Override
        public void run() {
            if (left == 0) {
                done.countDown();
            } else {
                executor.execute(new Relay(executor, done, left - 1));
            }
        }
    }

    private static void run(Executor executor) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        executor.execute(new Relay(executor, done, HOPS));
        done.await();
    }

    /// Hops on the dispatcher.
    @Benchmark
    @OperationsPerInvocation(HOPS)
    public void hop() throws InterruptedException {
        run(dispatcher::execute);
    }

    /// Hops on a pool as other actor libraries use it.
    @Benchmark
    @OperationsPerInvocation(HOPS)
    public void forkJoinHop() throws InterruptedException {
        run(pool);
    }
}
