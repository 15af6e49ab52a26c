package io.hyperactor.channel;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Threads that wait for room in a window. The event loop wakes them without taking any lock.
final class RoomWaiters {
    private final ConcurrentLinkedQueue<Thread> waiting = new ConcurrentLinkedQueue<>();

    /// Tries `attempt` until it succeeds, after every [#signal], for at most `nanos`; an interrupt
    /// ends it too.
    ///
    /// @return whether it succeeded; what the attempt throws ends the waiting
    boolean await(BooleanSupplier attempt, long nanos) {
        long deadline = System.nanoTime() + nanos;
        Thread self = Thread.currentThread();
        while (true) {
            waiting.add(self); // before the attempt, so that a signal after it is not missed
            boolean taken = false;
            try {
                taken = attempt.getAsBoolean();
                long left = deadline - System.nanoTime();
                if (taken || left <= 0 || self.isInterrupted()) {
                    return taken;
                }
                LockSupport.parkNanos(this, left);
            } finally {
                waiting.remove(self);
            }
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// There may be room: all try again.
    void signal() {
        if (!waiting.isEmpty()) {
            waiting.forEach(LockSupport::unpark);
        }
    }
}
