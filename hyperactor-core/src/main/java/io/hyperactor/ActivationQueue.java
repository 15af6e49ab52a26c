package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/// Activations that wait for a worker, in two lanes: those that begin, and those that go on because
/// they used up their batch. Each lane comes first in every second turn. So who has much to do does
/// not wait behind all that those begin who send it more; and who begins does not wait behind all
/// who have much to do.
///
/// None is lost for want of memory: an actor that is scheduled is not scheduled again, so it would
/// never run. For such times there are places made in advance.
///
/// **Threads:** any.
final class ActivationQueue {
    private static final int PLACES = 1024;
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final ConcurrentLinkedQueue<Runnable> beginning;
    private final ConcurrentLinkedQueue<Runnable> going = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<@Nullable Runnable> places;
    private final AtomicInteger placed = new AtomicInteger();

    ActivationQueue() {
        this(new ConcurrentLinkedQueue<>(), PLACES);
    }

    /// @param beginning takes what begins and there is memory for
    /// @param places how many there are for what there is none for
    ActivationQueue(ConcurrentLinkedQueue<Runnable> beginning, int places) {
        this.beginning = beginning;
        this.places = new AtomicReferenceArray<>(places);
    }

    /// Puts `activation` behind the others that begin. Waits only if there is neither memory nor a
    /// place.
    void offer(Runnable activation) {
        put(beginning, activation);
    }

    /// The same behind the others that go on.
    void offerAgain(Runnable activation) {
        put(going, activation);
    }

    /// Has `activation` count as one that goes on, if it waits to begin. Takes the longer the more
    /// wait.
    ///
    /// @return whether it was moved: for a moment it was nowhere
    boolean hasten(Runnable activation) {
        boolean waited = beginning.remove(activation);
        if (waited) {
            put(going, activation);
        }
        return waited;
    }

    private void put(ConcurrentLinkedQueue<Runnable> lane, Runnable activation) {
        while (!takes(lane, activation)) {
            LockSupport.parkNanos(this, PAUSE.toNanos());
        }
    }

    private boolean takes(ConcurrentLinkedQueue<Runnable> lane, Runnable activation) {
        try {
            return lane.offer(activation);
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
    ///
    /// @param turn those that go on come first in an odd one
    @Nullable Runnable poll(int turn) {
        Runnable placedOne = placed.get() == 0 ? null : takePlaced();
        if (placedOne != null) {
            return placedOne;
        }
        boolean isOdd = (turn & 1) == 1;
        Runnable first = (isOdd ? going : beginning).poll();
        return first != null ? first : (isOdd ? beginning : going).poll();
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

    /// How many wait, `most` if they are more; roughly, for they come and go.
    int count(int most) {
        int begin = count(beginning, most);
        return begin + count(going, most - begin);
    }

    private static int count(ConcurrentLinkedQueue<Runnable> lane, int most) {
        int count = 0;
        for (Iterator<Runnable> each = lane.iterator(); count < most && each.hasNext(); count++) {
            Runnable _ = each.next();
        }
        return count;
    }

    boolean isEmpty() {
        return beginning.isEmpty() && going.isEmpty() && placed.get() == 0;
    }
}
