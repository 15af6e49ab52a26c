package io.hyperactor.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// So many may do something at a time; others wait in the order in which they came, until they need
/// not any more.
///
/// **Threads:** any.
final class Turns {
    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private int free;

    Turns(int count) {
        free = count;
    }

    /// Waits for a turn, which must then be given back.
    ///
    /// @param limit how long; zero waits without limit
    /// @param givenUp done when nobody waits for it any more
    /// @return whether it is there
    boolean take(Duration limit, CompletableFuture<?> givenUp) throws InterruptedException {
        CompletableFuture<Void> turn = next();
        if (turn.isDone()) {
            return true;
        }
        boolean waited = false;
        try {
            await(CompletableFuture.anyOf(turn, givenUp), limit);
            waited = true;
        } finally {
            if (!waited && !withdraw(turn)) { // it came in spite of it
                giveBack();
            }
        }
        return !withdraw(turn);
    }

    private static void await(Future<?> first, Duration limit) throws InterruptedException {
        try {
            if (limit.isZero()) {
                first.get();
            } else {
                first.get(Durations.nanos(limit), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            return; // whoever waits looks for himself
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither ends in another way", e);
        }
    }

    private CompletableFuture<Void> next() {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        lock.lock();
        try {
            if (free > 0) {
                free--;
                turn.complete(null);
            } else {
                waiting.add(turn);
            }
            return turn;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it still waited.
    @SuppressWarnings("ReferenceEquality") // it is this one that is meant
    private boolean withdraw(CompletableFuture<Void> turn) {
        lock.lock();
        try {
            return waiting.removeIf(other -> other == turn);
        } finally {
            lock.unlock();
        }
    }

    /// To who has waited longest, if somebody does.
    void giveBack() {
        lock.lock();
        try {
            CompletableFuture<Void> next = waiting.poll();
            if (next == null) {
                free++;
            } else {
                next.complete(null);
            }
        } finally {
            lock.unlock();
        }
    }
}
