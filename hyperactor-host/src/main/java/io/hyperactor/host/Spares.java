package io.hyperactor.host;

import io.hyperactor.channel.Secret;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Children that were started ahead, have done once what a proc does, and wait for one line that
/// says which proc they are to be.
///
/// One at a time is started, not while a proc is being spawned. One that ends by itself is replaced
/// after a pause that grows until one is used or a proc is ready. One whose code has changed since
/// is not used, and none where that cannot be told in time.
///
/// **Threads:** any; a thread of its own starts them.
final class Spares implements AutoCloseable {
    /// The most that can be asked for.
    static final int MAX = 64;

    static final Duration PARK_LIMIT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Spares.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final long SPAWNS_FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int DOUBLINGS_MAX = 8; // of 100 ms: 26 s

    /// Starts one.
    @FunctionalInterface
    interface Launch {
        /// Starts one.
        ///
        /// @param name what to call it until it is a proc
        /// @param secret its first line, by which it proves that it is ready
        LaunchedProcess launch(String name, Secret secret) throws IOException;
    }

    /// @param code what it runs
    private record Spare(Object code, LaunchedProcess process) {}

    /// What the child that is being started will say.
    private record Expected(String name, Secret secret, CompletableFuture<Void> said) {}

    private final Launch launch;
    private final Supplier<Secret> secrets;
    private final Supplier<?> code;
    private final Supplier<? extends Optional<?>> codeInTime;
    private final LongSupplier nanoTime;
    private final long firstPauseNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Spare> parked = new ArrayDeque<>(); // guarded by lock, as all below
    private int wanted;
    private int spawning;
    private int failures;
    private long notBefore;
    private boolean closed;
    private @Nullable Thread thread;

    private volatile @Nullable Expected expected;
    private int number; // of the thread's own

    /// @param secrets makes them
    /// @param code tells what code a child started now would run; a spare that runs other code is
    ///   not used
    /// @param codeInTime tells the same while a spawn waits for it; empty if that would take long
    Spares(
            Launch launch,
            Supplier<Secret> secrets,
            Supplier<?> code,
            Supplier<? extends Optional<?>> codeInTime,
            LongSupplier nanoTime,
            Duration firstPause) {
        this.launch = launch;
        this.secrets = secrets;
        this.code = code;
        this.codeInTime = codeInTime;
        this.nanoTime = nanoTime;
        this.firstPauseNanos = firstPause.toNanos();
    }

    /// Keeps so many ready from now on. Those that are too many end.
    ///
    /// @throws IllegalArgumentException if that is negative, or more than [#MAX]
    void keep(int count) {
        if (count < 0 || count > MAX) {
            throw new IllegalArgumentException(count + " spares: 0 to " + MAX + " are possible");
        }
        lock.lock();
        try {
            wanted = count;
            while (parked.size() > wanted) {
                end(parked.removeLast());
            }
            notBefore = nanoTime.getAsLong();
            if (thread == null && count > 0 && !closed) {
                thread = Thread.ofPlatform().daemon().name("hyperactor-spares").start(this::refill);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How many wait for their assignment.
    int parked() {
        lock.lock();
        try {
            return parked.size();
        } finally {
            lock.unlock();
        }
    }

    /// How many should.
    int wanted() {
        lock.lock();
        try {
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    /// Makes a spare the proc of `assignment`. Nobody else gets it.
    ///
    /// @return its process, which bears the name of the proc; empty if there is none
    Optional<LaunchedProcess> take(Assignment assignment) {
        if (parked() == 0) {
            return Optional.empty();
        }
        Optional<?> now = codeInTime.get();
        while (now.isPresent()) {
            Spare spare = next();
            if (spare == null) {
                return Optional.empty();
            }
            if (spare.code().equals(now.get())) {
                spare.process().rename(assignment.procId().name());
                if (spare.process().tell(assignment.toLine())) {
                    return Optional.of(spare.process());
                }
            }
            end(spare); // it runs old code, or does not read
        }
        return Optional.empty();
    }

    private @Nullable Spare next() {
        lock.lock();
        try {
            Spare spare = parked.pollFirst();
            if (spare != null) {
                failures = 0;
                changed.signalAll();
            }
            return spare;
        } finally {
            lock.unlock();
        }
    }

    /// A proc is being spawned, until `settled` completes either way. Spares wait for that.
    void during(CompletableFuture<?> settled) {
        count(1);
        var _ =
                settled.whenComplete((_, failure) -> {
                    count(-1);
                    if (failure == null) {
                        relieved();
                    }
                });
    }

    /// Processes can be started: what kept spares from it may be over.
    private void relieved() {
        lock.lock();
        try {
            failures = 0;
            notBefore = nanoTime.getAsLong();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void count(int more) {
        lock.lock();
        try {
            spawning += more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Which child has this secret, of those that are expected to say that they wait.
    Optional<String> nameOf(Secret shown) {
        Expected child = expected;
        return child != null && child.secret().matches(shown)
                ? Optional.of(child.name())
                : Optional.empty();
    }

    /// A child says that it waits for its assignment. False if that is not expected of it.
    boolean parks(String name) {
        Expected child = expected;
        return child != null && child.name().equals(name) && child.said().complete(null);
    }

    private void refill() {
        try {
            while (awaitNeed()) {
                startOne();
            }
        } catch (InterruptedException e) {
            LOG.debug("no more spares: the host is closed");
        }
    }

    /// @return false when there is no need any more
    private boolean awaitNeed() throws InterruptedException {
        lock.lock();
        try {
            long quietBy = 0;
            while (!closed) {
                long now = nanoTime.getAsLong();
                if (parked.size() >= wanted) {
                    changed.await();
                    quietBy = 0;
                } else if (now - notBefore < 0) {
                    var _ = changed.awaitNanos(notBefore - now);
                } else if (spawning > 0 && (quietBy == 0 || now - quietBy < 0)) {
                    quietBy = quietBy == 0 ? now + SPAWNS_FIRST_NANOS : quietBy;
                    var _ = changed.awaitNanos(quietBy - now);
                } else {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void startOne() throws InterruptedException {
        try {
            var child = new Expected("spare-" + ++number, secrets.get(), new CompletableFuture<>());
            expected = child; // before it is launched, for it may be quick
            Object runs = code.get();
            LaunchedProcess process = launch.launch(child.name(), child.secret());
            try {
                await(child, watched(child, new Spare(runs, process)));
            } catch (RuntimeException | Error e) { // nobody would know of it
                process.signalGroup(Signals.KILL);
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) { // no memory, for example: it goes on
            failed(e);
        } finally {
            expected = null;
        }
    }

    private Spare watched(Expected child, Spare spare) {
        var _ =
                spare.process()
                        .exit()
                        .whenComplete((how, _) -> {
                            child.said().completeExceptionally(gone(how));
                            ended(spare, how);
                        });
        return spare;
    }

    private static IOException gone(@Nullable ProcExit how) {
        return new IOException("it " + how);
    }

    private void await(Expected child, Spare spare) throws InterruptedException {
        boolean waits = false;
        try {
            child.said().get(PARK_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            waits = true;
        } catch (ExecutionException e) {
            failed(e.getCause());
        } catch (TimeoutException e) {
            failed(new IOException("it did not say within 30 s that it waits", e));
        } finally {
            if (!waits || !isKept(spare)) {
                end(spare);
            }
        }
    }

    private boolean isKept(Spare spare) {
        lock.lock();
        try {
            if (closed || parked.size() >= wanted) {
                return false;
            }
            parked.addLast(spare);
        } finally {
            lock.unlock();
        }
        if (spare.process().exit().isDone()) { // perhaps before it was among the others
            ended(spare, spare.process().exit().getNow(null));
        }
        return true;
    }

    private void ended(Spare spare, @Nullable ProcExit how) {
        lock.lock();
        try {
            if (parked.remove(spare)) {
                failed(gone(how));
            }
        } finally {
            lock.unlock();
        }
    }

    private void failed(@Nullable Throwable why) {
        long pause;
        lock.lock();
        try {
            pause = firstPauseNanos << Math.min(failures++, DOUBLINGS_MAX);
            notBefore = nanoTime.getAsLong() + pause;
            changed.signalAll();
            if (closed) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            LOG.info("a spare process is gone; another in {} ms", pause / 1_000_000, why);
        } catch (OutOfMemoryError e) {
            // there is no way to tell, and whoever starts them goes on
        }
    }

    private static void end(Spare spare) {
        spare.process().signalGroup(Signals.KILL);
    }

    /// Ends them all. Later ones are not started. May be called twice.
    @Override
    public void close() {
        Thread refilling;
        lock.lock();
        try {
            closed = true;
            refilling = thread;
            parked.forEach(Spares::end);
            parked.clear();
        } finally {
            lock.unlock();
        }
        if (refilling != null) {
            refilling.interrupt();
            if (!Threads.joinUninterruptibly(refilling, CLOSE_LIMIT)) {
                LOG.warn("a spare process is still being launched");
            }
        }
    }
}
