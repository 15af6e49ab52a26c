package io.hyperactor.system;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Watches all processes that this run of the tests causes, every 5 ms, by nothing but `/proc`.
///
/// They are told from the processes of others by a variable that each of them inherits: the name of
/// the directory that this run has to itself. A zombie has no variables any more; it is ours if its
/// parent is. One that was left to the machine's first process is dead and no more ours to reap.
///
/// **Threads:** any. **Closing:** ends the watch.
final class Observer implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final long OWN = ProcessHandle.current().pid();
    private static final long STARTER =
            ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);

    private final String mark = "XDG_RUNTIME_DIR=" + Leftovers.directory() + "\0";
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Long> strangers = new HashSet<>(Set.of(OWN, STARTER)); // guarded by lock
    private final Set<OsProcess> ours = new HashSet<>(); // guarded by lock
    private final Thread thread =
            Thread.ofPlatform().daemon().name("observer").unstarted(this::watch);
    private volatile boolean closed;

    private Observer() {}

    /// Watches until it is closed.
    static Observer watching() {
        var observer = new Observer();
        observer.thread.start();
        return observer;
    }

    /// The processes of this run that run now, stopped ones too.
    static List<OsProcess> running() {
        return states().entrySet().stream()
                .filter(entry -> isAlive(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// The same without the guardians of hosts, which live as long as their host.
    static List<OsProcess> runningButGuardians() {
        return running().stream().filter(process -> !isGuardian(process)).toList();
    }

    private static boolean isGuardian(OsProcess process) {
        return process.commandLine().contains(": hyperactor guardian of ");
    }

    /// The zombies of this run.
    static List<OsProcess> zombies() {
        return states().entrySet().stream()
                .filter(entry -> !isAlive(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Those of this run whose parent is this process, also zombies; but not the guardian that a
    /// host in this process has.
    static List<OsProcess> children() {
        return states().keySet().stream()
                .filter(process -> process.stat().map(OsProcess.Stat::parent).orElse(0L) == OWN)
                .filter(process -> !isGuardian(process))
                .toList();
    }

    private static Map<OsProcess, Character> states() {
        return new Observer().look();
    }

    private static boolean isAlive(char state) {
        return "ZX".indexOf(state) < 0;
    }

    /// What is there now, with its state: see [OsProcess#state()].
    Map<OsProcess, Character> look() {
        lock.lock();
        try {
            Set<Long> pids = new HashSet<>(OsProcess.pids());
            strangers.retainAll(pids);
            pids.removeAll(strangers);
            Map<OsProcess, Character> there = new TreeMap<>();
            for (long pid : pids) {
                OsProcess process = OsProcess.of(pid);
                process.stat().ifPresent(stat -> sort(process, stat, there));
            }
            return there;
        } finally {
            lock.unlock();
        }
    }

    private void sort(OsProcess process, OsProcess.Stat stat, Map<OsProcess, Character> there) {
        boolean ofOurs = stat.parent() == OWN || isOurs(stat.parent());
        if (!isAlive(stat.state())) {
            if (ofOurs) {
                there.put(process, stat.state());
            }
        } else if (ours.contains(process) || ofOurs || process.environment().contains(mark)) {
            ours.add(process);
            there.put(process, stat.state());
        } else {
            strangers.add(process.pid());
        }
    }

    /// A process that has the id of one of ours that is gone is not.
    private boolean isOurs(long pid) {
        return ours.contains(OsProcess.of(pid));
    }

    /// Everything of this run that was ever seen, also what is gone.
    Set<OsProcess> seen() {
        lock.lock();
        try {
            return Set.copyOf(ours);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until no process of this run is there but `others`, not even as a zombie.
    void awaitNoneBut(Set<OsProcess> others) {
        await("no process but " + others)
                .pollDelay(Duration.ZERO)
                .pollInterval(INTERVAL)
                .atMost(Patience.LIMIT)
                .until(() -> look().keySet(), others::containsAll);
    }

    private void watch() {
        while (!closed) {
            look();
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
