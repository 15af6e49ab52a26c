package io.hyperactor.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Gives child JVMs the AOT cache of their command, and has one made where there is none yet: in
/// the background, so that later children start faster.
///
/// A cache is never stale: its name is a hash of everything that went into it, and that is looked
/// at for each child. Whatever goes wrong, children start as they would without a cache.
///
/// **Threads:** any.
final class AotCaches implements AutoCloseable {
    /// The environment variable that switches AOT caches off when it is `off`.
    static final String VARIABLE = "HYPERACTOR_AOT";

    private static final Logger LOG = LoggerFactory.getLogger(AotCaches.class);
    private static final String OFF = "off";
    private static final int TRAININGS_WAITING_MAX = 16;

    /// How long a child waits for its jars to be read, the first time. Large ones take longer, and
    /// then it goes without.
    private static final Duration LOOK_UP_LIMIT = Duration.ofMillis(100);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    /// Makes a cache.
    interface Trainer {
        /// Writes the cache of `jvm` to `cache`, whole, or not at all.
        ///
        /// @throws IOException if that was not possible, with the reason
        void train(ChildJvm jvm, Path cache) throws IOException, InterruptedException;
    }

    private final FileThreads threads = new FileThreads();
    private final Trainer trainer;
    private final ContentHashes hashes;
    private final CompletableFuture<Optional<AotFolder>> folder;
    private final Set<Path> used = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor trainings;
    private volatile boolean closing;

    /// @param folders where the caches may be: the first that can be had; none switches them off
    AotCaches(List<Path> folders, InstantSource clock, Trainer trainer) {
        this.trainer = trainer;
        this.hashes = new ContentHashes(clock);
        this.folder = threads.beside(() -> open(folders, clock));
        this.trainings =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(TRAININGS_WAITING_MAX),
                        Thread.ofPlatform().daemon().name("hyperactor-aot").factory());
        trainings.allowCoreThreadTimeOut(true);
    }

    /// Those of this user, or none if the environment says so.
    static AotCaches ofThisUser(
            Map<String, String> environment, Path runtimeDirectory, Trainer trainer) {
        boolean off = environment.getOrDefault(VARIABLE, "").equals(OFF);
        List<Path> folders = off ? List.of() : AotFolder.candidates(environment, runtimeDirectory);
        return new AotCaches(folders, InstantSource.system(), trainer);
    }

    private static Optional<AotFolder> open(List<Path> folders, InstantSource clock) {
        if (folders.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(AotFolder.open(folders, clock));
        } catch (IOException | RuntimeException e) {
            LOG.info("procs start without AOT caches", e);
            return Optional.empty();
        }
    }

    /// The command that starts `jvm` now: from its cache, if it has one.
    List<String> command(ChildJvm jvm) {
        Optional<Path> cache =
                jvm.mayUseAotCache() && isOpened()
                        ? inTime(jvm, () -> find(jvm)).flatMap(found -> found)
                        : Optional.empty();
        return cache.map(jvm::withAotCache).orElse(jvm).java().command();
    }

    /// A folder that hangs must not hang a thread for each child.
    private boolean isOpened() {
        try {
            return folder.get(LOOK_UP_LIMIT.toNanos(), TimeUnit.NANOSECONDS).isPresent();
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("the folder for AOT caches does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // a launch is not cut short
        }
        return false;
    }

    /// Looks at jars, which may be large, no longer than a spawn should wait for it. It goes on all
    /// the same, so that the next is quicker.
    private <T> Optional<T> inTime(ChildJvm jvm, Supplier<T> look) {
        try {
            return Optional.of(
                    threads.beside(look).get(LOOK_UP_LIMIT.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            LOG.debug("the jars of {} not looked at", jvm.java().mainClass(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // a launch is not cut short
        }
        return Optional.empty();
    }

    /// Whether a command starts a JVM from a cache.
    static boolean isUsedBy(List<String> command) {
        return command.stream().anyMatch(argument -> argument.startsWith(ChildJvm.AOT_CACHE));
    }

    private Optional<Path> find(ChildJvm jvm) {
        return folder.join()
                .flatMap(place -> {
                    Optional<Path> cache = key(jvm).flatMap(place::find);
                    cache.filter(used::add).ifPresent(place::used);
                    return cache;
                });
    }

    /// What `jvm` would run if it were started now, as far as that can be told.
    Optional<AotKey> key(ChildJvm jvm) {
        try {
            return Optional.of(AotKey.of(jvm.java(), jvm.base(), hashes));
        } catch (IOException e) {
            LOG.debug("no AOT cache for {}: {}", jvm.java().mainClass(), e.getMessage());
            return Optional.empty();
        }
    }

    /// The same for a spawn that waits for it; empty if it takes long.
    Optional<Optional<AotKey>> keyInTime(ChildJvm jvm) {
        return inTime(jvm, () -> key(jvm));
    }

    /// Has the cache of `jvm` made, if there is none and one can be made; returns at once.
    ///
    /// @return completes with whether there is one, when that is settled; never exceptionally
    CompletableFuture<Boolean> prepare(ChildJvm jvm) {
        if (!jvm.mayUseAotCache()) {
            return CompletableFuture.completedFuture(false);
        }
        var request = new Request(jvm);
        try {
            trainings.execute(request);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            request.settled.complete(false); // closed, or many wait, or there is no thread
        }
        return request.settled;
    }

    /// That the cache of `jvm` be made; somebody may wait for what comes of it.
    private final class Request implements Runnable {
        final CompletableFuture<Boolean> settled = new CompletableFuture<>();
        private final ChildJvm jvm;

        Request(ChildJvm jvm) {
            this.jvm = jvm;
        }

        @Override
        public void run() {
            boolean made = false;
            try {
                made = isMade(jvm);
            } finally {
                settled.complete(made);
            }
        }
    }

    private boolean isMade(ChildJvm jvm) {
        Optional<AotFolder> place = folder.join();
        Optional<AotKey> key = place.isEmpty() ? Optional.empty() : key(jvm);
        if (key.isEmpty()) {
            return false;
        }
        try {
            return isMade(jvm, place.get(), key.get());
        } catch (IOException | RuntimeException e) {
            LOG.info("no AOT cache for {}: {}", jvm.java().mainClass(), e.getMessage(), e);
        } catch (InterruptedException e) {
            LOG.debug("no AOT cache for {}: the host is closed", jvm.java().mainClass());
        }
        return false;
    }

    private boolean isMade(ChildJvm jvm, AotFolder place, AotKey key)
            throws IOException, InterruptedException {
        if (place.find(key).isPresent()) {
            return true;
        }
        if (closing || place.hasFailed(key)) {
            return false;
        }
        Optional<AotFolder.Writing> begun = place.begin(key);
        if (begun.isEmpty()) {
            return false; // another process is at it
        }
        try (AotFolder.Writing writing = begun.get()) {
            if (place.find(key).isPresent()) {
                return true; // another process was
            }
            train(jvm, writing);
            if (!key(jvm).equals(Optional.of(key))) {
                LOG.debug("a jar of {} was changed meanwhile", jvm.java().mainClass());
                return false;
            }
            LOG.debug("wrote {}", writing.publish());
        }
        place.clean();
        return true;
    }

    private void train(ChildJvm jvm, AotFolder.Writing writing)
            throws IOException, InterruptedException {
        try {
            trainer.train(jvm, writing.unfinished());
        } catch (IOException | RuntimeException e) {
            if (!closing) {
                writing.failed();
            }
            throw e;
        }
    }

    /// Ends a training and removes what is unfinished of it. Children start without caches then.
    @Override
    public void close() {
        closing = true;
        for (Runnable left : trainings.shutdownNow()) {
            if (left instanceof Request request) {
                request.settled.complete(false);
            }
        }
        try {
            if (!trainings.awaitTermination(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("an AOT training has not ended after {} s", CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
