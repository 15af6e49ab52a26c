package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Hands events to observers, in the order they were published in, on a thread of its own: so an
/// event may be published under a lock, and an observer may call whatever it likes.
///
/// **Threads:** any.
final class ProcEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ProcEvents.class);

    /// More than these wait only behind an observer that blocks; then the newest are dropped.
    static final int WAITING_MAX = 65_536;

    private final Consumer<Runnable> threads;
    private final List<Consumer<? super ProcEvent>> observers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<ProcEvent> waiting = new ArrayDeque<>(); // guarded by lock
    private boolean delivering; // guarded by lock
    private long dropped; // guarded by lock

    ProcEvents() {
        this(task -> Thread.ofVirtual().name("hyperactor-proc-events").start(task));
    }

    /// @param threads starts a thread that runs what it is given
    ProcEvents(Consumer<Runnable> threads) {
        this.threads = threads;
    }

    /// Calls `observer` with each event from now on, until the returned action is run.
    Runnable observe(Consumer<? super ProcEvent> observer) {
        observers.add(observer);
        return () -> observers.remove(observer);
    }

    /// Never fails: without memory for a thread the event waits.
    void publish(ProcEvent event) {
        lock.lock();
        try {
            if (waiting.size() >= WAITING_MAX) {
                dropped++;
                return;
            }
            waiting.add(event);
            if (!delivering) {
                begin();
            }
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        delivering = true;
        try {
            Threads.startAtLast(threads, this::deliver);
        } catch (Throwable e) { // the next event tries again
            delivering = false;
            LOG.error("no thread for observers", e);
        }
    }

    /// How many were dropped.
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private void deliver() {
        boolean all = false;
        try {
            for (ProcEvent next = next(); next != null; next = next()) {
                for (Consumer<? super ProcEvent> observer : observers) {
                    tell(observer, next);
                }
            }
            all = true;
        } finally {
            if (!all) { // for lack of memory even to log that
                goOn();
            }
        }
    }

    private void goOn() {
        lock.lock();
        try {
            begin();
        } finally {
            lock.unlock();
        }
    }

    private @org.jspecify.annotations.Nullable ProcEvent next() {
        lock.lock();
        try {
            ProcEvent next = waiting.poll();
            delivering = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /// What an observer throws is its own affair.
    private static void tell(Consumer<? super ProcEvent> observer, ProcEvent event) {
        try {
            observer.accept(event);
        } catch (Throwable e) { // an Error too: nothing would be delivered any more
            SafeLog.error(LOG, "{} failed at {}", observer, event, e);
        }
    }
}
