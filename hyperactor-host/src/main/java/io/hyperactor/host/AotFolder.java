package io.hyperactor.host;

import io.hyperactor.channel.PrivateFolder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The folder with this user's AOT caches. All processes of the user share it.
///
/// A cache is code, so the folder is private or not used. A cache appears in it complete, under its
/// own name, by a rename. At most one process writes the cache of a key at a time.
///
/// **Threads:** any.
final class AotFolder {
    static final int CACHES_MAX = 16;
    static final Duration AGE_MAX = Duration.ofDays(30);

    /// For how long a cache that could not be made is not tried again.
    static final Duration RETRY_AFTER = Duration.ofHours(1);

    /// What this process writes now. A lock of the system does not hold against the process itself.
    private static final Set<Path> WRITING = ConcurrentHashMap.newKeySet();

    private static final Logger LOG = LoggerFactory.getLogger(AotFolder.class);
    private static final String CACHE = ".aot";
    private static final String NEW = ".new";
    private static final String FAILED = ".failed";
    private static final String LOCK = ".lock";

    private final Path folder;
    private final InstantSource clock;

    private AotFolder(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /// The first of `candidates` that can be had.
    ///
    /// @throws IOException if none can, with the reasons
    static AotFolder open(List<Path> candidates, InstantSource clock) throws IOException {
        var failure = new IOException("no private folder for AOT caches");
        for (Path candidate : candidates) {
            try {
                CodeFolder.prepare(candidate);
                for (Throwable other : failure.getSuppressed()) {
                    LOG.info("AOT caches are in {}: {}", candidate, other.getMessage());
                }
                return new AotFolder(candidate, clock);
            } catch (IOException | UnsupportedOperationException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    /// `$XDG_CACHE_HOME/hyperactor/aot`, else `~/.cache/hyperactor/aot`, else `aot` in the runtime
    /// directory.
    static List<Path> candidates(Map<String, String> environment, Path runtimeDirectory) {
        List<Path> candidates = new ArrayList<>();
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (caches.startsWith("/")) {
            candidates.add(Path.of(caches, "hyperactor", "aot"));
        } else if (home.startsWith("/")) {
            candidates.add(Path.of(home, ".cache", "hyperactor", "aot"));
        }
        candidates.add(runtimeDirectory.toAbsolutePath().resolve("aot"));
        return candidates;
    }

    /// The cache of a key, if it is there.
    Optional<Path> find(AotKey key) {
        Path cache = file(key, CACHE);
        try {
            return PrivateFolder.isOurs(cache) ? Optional.of(cache) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Whether the cache of a key could not be made a short while ago.
    boolean hasFailed(AotKey key) {
        try {
            Instant failed = Files.getLastModifiedTime(file(key, FAILED)).toInstant();
            return failed.isAfter(clock.instant().minus(RETRY_AFTER));
        } catch (IOException _) {
            return false;
        }
    }

    /// Says that a cache is used, so that others go before it.
    void used(Path cache) {
        try {
            Files.setLastModifiedTime(cache, FileTime.from(clock.instant()));
        } catch (IOException e) {
            LOG.debug("{} was removed meanwhile", cache, e);
        }
    }

    /// The right to write the cache of a key. Empty if another has it.
    Optional<Writing> begin(AotKey key) throws IOException {
        Path lock = file(key, LOCK);
        if (!WRITING.add(lock)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                removeMatching(key.text() + "-*" + NEW + "*"); // left by who was killed
                var writing = new Writing(key, lock, channel);
                channel = null;
                return Optional.of(writing);
            }
            WRITING.remove(lock);
            return Optional.empty();
        } catch (IOException e) {
            WRITING.remove(lock);
            throw e;
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }

    /// The right to write a cache. Closing removes what is unfinished.
    final class Writing implements AutoCloseable {
        private final AotKey key;
        private final Path lock;
        private final FileChannel locked;
        private final Path unfinished;

        private Writing(AotKey key, Path lock, FileChannel locked) {
            this.key = key;
            this.lock = lock;
            this.locked = locked;
            this.unfinished = file(key, "-" + ProcessHandle.current().pid() + NEW);
        }

        /// Where to write it.
        Path unfinished() {
            return unfinished;
        }

        /// Remembers that it could not be made.
        void failed() throws IOException {
            Path mark = file(key, FAILED);
            Files.write(mark, new byte[0]);
            Files.setLastModifiedTime(mark, FileTime.from(clock.instant()));
        }

        /// What was written is the cache from now on.
        Path publish() throws IOException {
            return Files.move(unfinished, file(key, CACHE), StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void close() throws IOException {
            try (locked) {
                removeMatching(unfinished.getFileName() + "*"); // the JVM has more beside it
            } finally {
                WRITING.remove(lock);
            }
        }
    }

    /// Removes caches that are old, or more than there should be, and whatever else was left.
    void clean() throws IOException {
        List<Path> caches = new ArrayList<>();
        Instant now = clock.instant();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                boolean cache = file.toString().endsWith(CACHE);
                if (modified(file).isBefore(now.minus(cache ? AGE_MAX : RETRY_AFTER))) {
                    Files.deleteIfExists(file);
                } else if (cache) {
                    caches.add(file);
                }
            }
        }
        caches.sort(Comparator.comparing(AotFolder::modified).reversed());
        for (Path cache : caches.subList(Math.min(CACHES_MAX, caches.size()), caches.size())) {
            Files.deleteIfExists(cache);
        }
    }

    private void removeMatching(String glob) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException _) {
            return Instant.MAX; // another process was quicker to remove it
        } catch (IOException e) {
            LOG.debug("{}", file, e);
            return Instant.MAX;
        }
    }

    private Path file(AotKey key, String suffix) {
        return folder.resolve(key.text() + suffix);
    }
}
