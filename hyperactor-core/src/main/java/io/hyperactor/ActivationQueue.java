package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/// Activations that wait for a worker. None is lost for want of memory: an actor that is scheduled
/// is not scheduled again, so it would never run. For such times there are places made in advance.
///
/// **Threads:** any.
final class ActivationQueue {
    private static final int PLACES = 1024;
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final ConcurrentLinkedQueue<Runnable> queue;
    private final AtomicReferenceArray<@Nullable Runnable> places;
    private final AtomicInteger placed = new AtomicInteger();

    ActivationQueue() {
        this(new ConcurrentLinkedQueue<>(), PLACES);
    }

    /// @param queue takes what there is memory for
    /// @param places how many there are for what there is none for
    ActivationQueue(ConcurrentLinkedQueue<Runnable> queue, int places) {
        this.queue = queue;
        this.places = new AtomicReferenceArray<>(places);
    }

    /// Puts `activation` behind the others. Waits only if there is neither memory nor a place.
    void offer(Runnable activation) {
        while (!takes(activation)) {
            LockSupport.parkNanos(this, PAUSE.toNanos());
        }
    }

    private boolean takes(Runnable activation) {
        try {
            return queue.offer(activation);
        } catch (OutOfMemoryError e) {
            return place(activation);
        }
    }

    private boolean place(Runnable activation) {
        for (int i = 0; i < places.length(); i++) {
            if (places.compareAndSet(i, null, activation)) {
                placed.incrementAndGet();
                return true;
            }
        }
        return false;
    }

    /// The next one, or null if there is none.
    @Nullable Runnable poll() {
        Runnable first = placed.get() == 0 ? null : takePlaced();
        return first == null ? queue.poll() : first;
    }

    private @Nullable Runnable takePlaced() {
        for (int i = 0; i < places.length(); i++) {
            Runnable activation = places.getAndSet(i, null);
            if (activation != null) {
                placed.decrementAndGet();
                return activation;
            }
        }
        return null;
    }

    boolean isEmpty() {
        return queue.isEmpty() && placed.get() == 0;
    }
}
