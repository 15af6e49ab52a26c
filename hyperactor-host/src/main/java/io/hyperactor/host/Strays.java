package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// Processes that have left the process group of their child and outlived it, where no control
/// group held them: finds them by their mark ([LaunchMarks]) and kills them. One that was forked
/// while it looked may be missed, so it looks until it has found none twice in a row.
///
/// One look at all processes serves all that were asked for before it began. It happens on a thread
/// that is there only as long as there is something to do.
///
/// **Threads:** [#run] and [#look] on that thread; the rest on one other.
final class Strays implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

    /// How long is looked for the same: what forks faster than it is killed gets away.
    static final long LIMIT_NANOS = 5_000_000_000L;

    private static final int CLEAN_LOOKS = 2;
    private static final long PAUSE_MIN_NANOS = 10_000_000;
    private static final int PAUSE_PER_LOOK = 4; // a fifth of one processor, on a large machine

    /// The processes of the machine.
    interface Processes {
        /// Those that have a mark.
        Marked look();

        /// Kills a process if it has that mark now, and nobody else.
        void kill(int pid, String mark);
    }

    /// Processes that have a mark.
    ///
    /// @param marks of them, by their id
    /// @param isComplete whether all could be looked at
    record Marked(Map<Integer, String> marks, boolean isComplete) {}

    private static final class Search {
        final Predicate<String> marks;
        int looks;
        int cleanLooks;
        long began; // with the first look

        Search(Predicate<String> marks) {
            this.marks = marks;
        }
    }

    private final Processes processes;
    private final LongSupplier nanoTime;
    private final Queue<Search> asked = new ConcurrentLinkedQueue<>();
    private final List<Search> searches = new ArrayList<>();

    private volatile boolean running;
    private volatile long lookedAt; // when the last look began

    /// @param nanoTime a clock like [System#nanoTime()]
    Strays(Processes processes, LongSupplier nanoTime) {
        this.processes = processes;
        this.nanoTime = nanoTime;
    }

    /// Has all killed whose mark is one of `marks`; see [#startIfDue].
    void seek(Predicate<String> marks) {
        asked.add(new Search(marks));
    }

    /// Starts the thread if there is something to do and it is not there. If there is no thread, or
    /// no memory, it is tried again the next time.
    void startIfDue() {
        if (!running && !asked.isEmpty()) {
            running = true;
            lookedAt = nanoTime.getAsLong();
            try {
                Thread.ofPlatform().daemon().name("hyperactor-strays").start(this);
            } catch (OutOfMemoryError e) {
                running = false;
            }
        }
    }

    /// Whether nothing is left to do that is worth waiting for. A look that hangs in the kernel is
    /// not.
    boolean isIdle() {
        return running ? nanoTime.getAsLong() - lookedAt >= LIMIT_NANOS : asked.isEmpty();
    }

    @Override
    public void run() {
        try {
            while (look()) {
                long took = nanoTime.getAsLong() - lookedAt;
                LockSupport.parkNanos(Math.max(PAUSE_MIN_NANOS, PAUSE_PER_LOOK * took));
            }
        } catch (Throwable e) {
            searches.clear(); // they end with this process, by the guardian
            LOG.error("What procs have left behind is not looked for", e);
        } finally {
            running = false;
        }
    }

    /// Looks once.
    ///
    /// @return whether it has to look again
    boolean look() {
        lookedAt = nanoTime.getAsLong();
        for (Search next = asked.poll(); next != null; next = asked.poll()) {
            searches.add(next);
        }
        if (searches.isEmpty()) {
            return false;
        }
        Marked marked = processes.look();
        searches.removeIf(search -> isOver(search, marked));
        return !searches.isEmpty() || !asked.isEmpty();
    }

    private boolean isOver(Search search, Marked marked) {
        if (search.looks++ == 0) {
            search.began = lookedAt;
        }
        Map<Integer, String> found = new HashMap<>(marked.marks());
        found.values().removeIf(search.marks.negate());
        found.forEach(processes::kill);
        boolean isClean = found.isEmpty() && marked.isComplete();
        search.cleanLooks = isClean ? search.cleanLooks + 1 : 0;
        boolean isLate = search.looks > 1 && nanoTime.getAsLong() - search.began >= LIMIT_NANOS;
        if (isLate && !marked.isComplete()) {
            LOG.warn("What procs have left behind can not be looked for");
            return true;
        }
        if (isLate && !found.isEmpty()) {
            LOG.warn("Processes that a proc has left behind are not gone: {}", found);
            return true;
        }
        return search.cleanLooks >= CLEAN_LOOKS || isLate;
    }
}
