package io.hyperactor.bench.remote;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/// Keeps a number of requests under way: each answer starts the next request.
final class InFlight {
    private final int operations;
    private final LongFunction<? extends CompletionStage<?>> request;
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    private InFlight(int operations, LongFunction<? extends CompletionStage<?>> request) {
        this.operations = operations;
        this.request = request;
    }

    static Round run(
            int operations, int inFlight, LongFunction<? extends CompletionStage<?>> request)
            throws Exception {
        return Round.of(Figure.RATE, perSecond(operations, inFlight, request));
    }

    static double perSecond(
            int operations, int inFlight, LongFunction<? extends CompletionStage<?>> request)
            throws Exception {
        InFlight all = new InFlight(operations, request);
        long start = System.nanoTime();
        for (int i = 0; i < inFlight; i++) {
            all.next();
        }
        all.done.get(Sender.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return operations * 1e9 / (System.nanoTime() - start);
    }

    private void next() {
        int id = started.getAndIncrement();
        if (id < operations) {
            var _ = request.apply(id).whenComplete((reply, failure) -> ended(failure));
        }
    }

    private void ended(Throwable failure) {
        if (failure != null) {
            done.completeExceptionally(failure);
        } else if (answered.incrementAndGet() == operations) {
            done.complete(true);
        } else {
            next();
        }
    }
}
