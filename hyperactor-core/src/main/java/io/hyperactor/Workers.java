package io.hyperactor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The threads of a [Dispatcher]. As many as it should have take work; others were relieved of it
/// and are not back yet, or are spares: they wait to take the place of the next that is.
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    static final int MAX = 4096;

    private final Dispatcher dispatcher;
    private final String name;
    private final int target;
    private final long spareLifeNanos;
    private final Consumer<Thread> starter;
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger names = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final List<Worker> all = new ArrayList<>(); // that have a thread
    private final List<Worker> working = new ArrayList<>();
    private final ArrayDeque<Worker> spares = new ArrayDeque<>();
    private boolean exhausted; // no thread was to be had the last time
    private boolean spareStarts; // it is not among the spares yet
    private volatile Worker[] active = {}; // a copy of those that work

    Workers(
            Dispatcher dispatcher,
            String name,
            int target,
            Duration spareLife,
            Consumer<Thread> starter) {
        this.dispatcher = dispatcher;
        this.name = name;
        this.target = target;
        this.spareLifeNanos = spareLife.toNanos();
        this.starter = starter;
    }

    /// Once.
    ///
    /// @throws IllegalStateException if the system has too few threads
    void start() {
        lock.lock();
        try {
            for (int i = 0; i < target; i++) {
                if (!activateNew()) {
                    throw new IllegalStateException("no threads for " + name);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Those that take work now; relieved ones are not in here. Not to be changed.
    Worker[] active() {
        return active;
    }

    /// Those that have a thread.
    Worker[] all() {
        lock.lock();
        try {
            return all.toArray(new Worker[0]);
        } finally {
            lock.unlock();
        }
    }

    /// How many there are: those that work, those that are blocked, and spares.
    int threads() {
        return created.get();
    }

    /// How many spares wait for the next worker that blocks.
    int spares() {
        lock.lock();
        try {
            return spares.size();
        } finally {
            lock.unlock();
        }
    }

    /// Takes a busy worker out of the active set and puts a spare in. False if it is out already,
    /// or no spare can be had; then the ticker tries again.
    boolean replace(Worker worker) {
        lock.lock();
        try {
            if (worker.relieved) {
                return false;
            }
            if (created.get() - spares.size() >= MAX) {
                exhausted(MAX + " are there");
                return false;
            }
            Worker spare = spares.pollFirst();
            if (spare != null) {
                activate(spare);
            } else if (!activateNew()) {
                return false;
            }
            worker.relieved = true;
            deactivate(worker);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Once it runs it may lie down at once, and whoever has work then must find it here.
    private void activate(Worker worker) {
        try {
            working.add(worker);
            active = working.toArray(new Worker[0]);
        } finally { // also for want of memory
            worker.relieved = false;
            LockSupport.unpark(worker);
        }
    }

    private void deactivate(Worker worker) {
        working.remove(worker);
        active = working.toArray(new Worker[0]);
    }

    /// False when the system has no thread left to give.
    private boolean activateNew() {
        Worker worker = named();
        activate(worker);
        boolean started = false;
        try {
            started = start(worker);
        } finally {
            if (!started) {
                deactivate(worker);
            }
        }
        return started;
    }

    private Worker named() {
        return new Worker(dispatcher, name + "-" + names.incrementAndGet());
    }

    private boolean start(Worker worker) {
        boolean started = false;
        created.incrementAndGet();
        try {
            all.add(worker);
            starter.accept(worker);
            started = true;
            exhausted = false;
        } catch (OutOfMemoryError noThread) {
            exhausted(noThread);
        } finally {
            if (!started) {
                created.decrementAndGet();
                all.remove(worker);
            }
        }
        return started;
    }

    /// Once, not at each tick.
    private void exhausted(Object why) {
        if (!exhausted) {
            exhausted = true;
            BoundCounter.THREADS_EXHAUSTED.add(1);
            LOG.warn(
                    "{} gets no thread for those that blocked handlers hold: {}",
                    name,
                    why.toString());
        }
    }

    /// Starts a spare if there is none, for a thread takes long to start.
    void prepareSpare() {
        lock.lock();
        try {
            if (spares.isEmpty() && !spareStarts && created.get() < MAX) {
                Worker spare = named();
                spare.relieved = true;
                spareStarts = start(spare);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Of a worker that has been relieved, on its own thread: back to work if there is a place,
    /// else waits as a spare. False when it was not needed for long and ends; one spare is always
    /// kept.
    boolean rejoin(Worker worker) {
        boolean isFirst;
        lock.lock();
        try {
            spareStarts = false;
            if (working.size() < target) {
                activate(worker);
                return true;
            }
            isFirst = spares.isEmpty();
            spares.addFirst(worker); // so whoever was the first is the last to be taken
        } finally {
            lock.unlock();
        }
        if (!dispatcher.shared.isEmpty()) { // it may have been woken for work that it does not take
            dispatcher.callForHelp();
        }
        return awaitNeed(worker, isFirst);
    }

    private boolean awaitNeed(Worker spare, boolean forever) {
        long end = System.nanoTime() + spareLifeNanos;
        while (spare.relieved) {
            long left = forever ? Long.MAX_VALUE : end - System.nanoTime();
            if (left == Long.MAX_VALUE) {
                LockSupport.park(dispatcher);
            } else if (left > 0) {
                LockSupport.parkNanos(dispatcher, left);
            } else if (retire(spare)) {
                return false;
            }
        }
        return true;
    }

    private boolean retire(Worker spare) {
        lock.lock();
        try {
            if (spare.relieved && spares.remove(spare)) {
                all.remove(spare);
                created.decrementAndGet();
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }
}
