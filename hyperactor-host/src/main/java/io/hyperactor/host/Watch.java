package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The latest value of something that changes, for any number of observers.
///
/// **Order:** each observer sees the changes in the order they happened in. **Threads:** any.
///
/// @param <T> the value
public final class Watch<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final ReentrantLock lock = new ReentrantLock();
    private List<Consumer<? super T>> observers = List.of(); // guarded by lock
    private volatile T value; // changed under the lock

    Watch(T initial) {
        value = initial;
    }

    /// The value now.
    public T value() {
        return value;
    }

    /// Calls `observer` with the value now and with every later one, until the returned action is
    /// run. Inside the change itself: must not block.
    public Runnable observe(Consumer<? super T> observer) {
        lock.lock();
        try {
            List<Consumer<? super T>> more = new ArrayList<>(observers);
            more.add(observer);
            observers = List.copyOf(more);
            observer.accept(value);
        } finally {
            lock.unlock();
        }
        return () -> forget(observer);
    }

    private void forget(Consumer<? super T> observer) {
        lock.lock();
        try {
            List<Consumer<? super T>> fewer = new ArrayList<>(observers);
            fewer.remove(observer);
            observers = List.copyOf(fewer);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the value is one that `wanted` accepts, and returns it.
    ///
    /// @throws TimeoutException if it was not within `limit`
    public T await(Predicate<? super T> wanted, Duration limit)
            throws InterruptedException, TimeoutException {
        CompletableFuture<T> seen = new CompletableFuture<>();
        Runnable stop =
                observe(now -> {
                    if (wanted.test(now)) {
                        seen.complete(now);
                    }
                });
        try {
            return seen.get(Durations.nanos(limit), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed exceptionally", e);
        } finally {
            stop.run();
        }
    }

    /// What an observer throws is its own affair: the change and the other observers go on.
    private void tell(Consumer<? super T> observer, T next) {
        try {
            observer.accept(next);
        } catch (Throwable e) { // an Error too: what it would skip is the telling of an end
            SafeLog.error(LOG, "{} failed at {}", observer, next, e);
        }
    }

    /// Changes the value and tells the observers. Needs no memory, so that none of them misses it.
    void set(T next) {
        lock.lock();
        try {
            value = next;
            List<Consumer<? super T>> now = observers;
            for (int i = 0; i < now.size(); i++) {
                tell(now.get(i), next);
            }
        } finally {
            lock.unlock();
        }
    }
}
