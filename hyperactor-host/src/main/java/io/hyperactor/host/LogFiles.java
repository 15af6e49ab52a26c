package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// The files of a [LogBook] and the folders that they are in. They are written on a thread of their
/// own: a disk that is slow, or hangs, costs records in files and holds up nothing else.
///
/// They are read by [FolderLooks], for a limited time.
///
/// **Threads:** any; [#read] and [#haveThoseOf] wait for a disk as long as it says, [#settle] and
/// [#close] for a second.
final class LogFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(1);

    /// The files themselves.
    ///
    /// @param opener opens one
    /// @param readLimit how long who reads waits for all of them
    record Disk(LogFile.Opener opener, Writer writer, Duration readLimit) {
        static Disk ofThisMachine() {
            return new Disk(LogFile::append, Writer.ofOwnThread(), Duration.ofSeconds(5));
        }
    }

    /// Has files written, in the order of the offers.
    interface Writer extends AutoCloseable {
        /// Has one file written, or let go of.
        ///
        /// @param cost of what it holds until then, in characters
        /// @return false if there is no room for it now
        boolean offer(Runnable write, int cost);

        /// What was offered is written, if that is possible within a second.
        @Override
        default void close() {}

        /// On a thread that is there from the first offer on.
        static Writer ofOwnThread() {
            LogQueue<Runnable> queue = new LogQueue<>("hyperactor-log-files", Runnable::run);
            return new Writer() {
                @Override
                public boolean offer(Runnable write, int cost) {
                    return queue.offer(write, cost);
                }

                @Override
                public void close() {
                    queue.close();
                }
            };
        }
    }

    private final Disk disk;
    private final Writer writer;
    private final FolderLooks looks;
    private final LongSupplier nanoTime;
    private final Predicate<String> isLive;
    private final Map<Path, LogFolder> folders = new ConcurrentHashMap<>();
    private final LongAdder lost = new LongAdder();
    private volatile boolean writes; // or has done so
    private volatile boolean closed;

    /// @param nanoTime times the attempts to write to a disk that is full
    /// @param isLive whether there is a proc of that name, whose files stay
    LogFiles(Disk disk, LongSupplier nanoTime, Predicate<String> isLive) {
        this.disk = disk;
        this.writer = disk.writer();
        this.looks = new FolderLooks(disk.readLimit());
        this.nanoTime = nanoTime;
        this.isLive = isLive;
    }

    /// Opens the folder of a policy at once, to see whether that is possible. For who makes this,
    /// before anybody writes.
    void openFolder(Path folder) throws IOException {
        LogFolder _ = folder(absolute(folder));
    }

    private static Path absolute(Path folder) {
        return folder.toAbsolutePath().normalize();
    }

    /// The file of a proc; null if its policy wants none. That of an earlier life goes on: two that
    /// write to the same would spoil it.
    @Nullable LogFile of(String proc, LogPolicy policy, @Nullable LogFile before) {
        if (policy.folder().isEmpty()) {
            return null;
        }
        Path path = LogFolder.file(absolute(policy.folder().get()), proc);
        if (before != null && before.isAt(path)) {
            before.apply(policy);
            return before;
        }
        return new LogFile(path, policy, this::open, nanoTime);
    }

    private SeekableByteChannel open(Path file) throws IOException {
        LogFolder folder = folder(Objects.requireNonNull(file.getParent()));
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            folder.makeRoom(file, isLive);
        }
        return disk.opener().open(file);
    }

    /// One thread at a time.
    private LogFolder folder(Path path) throws IOException {
        if (closed) { // who opened a file now would leave it open
            throw new IOException("the host is closed");
        }
        LogFolder known = folders.get(path);
        if (known != null) {
            return known;
        }
        LogFolder opened = LogFolder.open(path);
        folders.put(path, opened);
        return opened;
    }

    /// Has a record written.
    ///
    /// @param last whether it is let go of then, until another one comes
    void write(LogFile file, LogRecord record, boolean last) {
        writes = true;
        if (!writer.offer(() -> writeNow(file, record, last), record.cost())) {
            file.missed();
            lost.increment();
        }
    }

    private void writeNow(LogFile file, LogRecord record, boolean last) {
        if (!file.write(record)) {
            lost.increment();
        }
        if (last) {
            file.close();
        }
    }

    /// Lets go of a file, when all is written that has come. A later record opens it again.
    void letGo(LogFile file) {
        boolean _ = writer.offer(file::close, 0);
    }

    /// Waits until what has come is written, or for a second.
    void settle() {
        var written = new CountDownLatch(1);
        if (writes && writer.offer(written::countDown, 0)) {
            try {
                boolean _ = written.await(SETTLE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // what is not there yet is not found
            }
        }
    }

    /// How many records could not be written.
    long lost() {
        return lost.sum();
    }

    /// Whether there are files of a proc of this name.
    ///
    /// @throws HostException.LogFolderUnusable if none are found, and a folder cannot be read, or
    ///   not in time
    boolean haveThoseOf(String proc) {
        var found = new CompletableFuture<Boolean>();
        Optional<HostException.LogFolderUnusable> unread =
                looks.into(
                        folders,
                        folder -> {
                            if (folder.procs().contains(proc)) {
                                found.complete(true);
                            }
                        },
                        found);
        if (!found.isDone() && unread.isPresent()) {
            throw unread.get();
        }
        return found.isDone();
    }

    /// Gives a selection what the files hold of those that the query is for. What cannot be read,
    /// or not in time, is left out and logged.
    ///
    /// @param inMemory what of each the selection has already
    void read(LogQuery query, Map<String, List<LogRecord>> inMemory, LogSelection into) {
        looks.into(
                        folders,
                        folder -> {
                            for (String proc : folder.procs()) {
                                List<LogRecord> kept = inMemory.getOrDefault(proc, List.of());
                                if (query.isFor(proc) && kept.size() < query.max()) {
                                    read(folder, proc, into, new HashSet<>(kept));
                                }
                            }
                        },
                        new CompletableFuture<>())
                .ifPresent(unread -> LOG.warn("{}", unread.getMessage()));
    }

    private static void read(LogFolder folder, String proc, LogSelection into, Set<LogRecord> had) {
        try {
            folder.read(proc, into, record -> !had.contains(record));
        } catch (IOException e) {
            LOG.warn("cannot read the log files of {}: {}", proc, e.toString());
        }
    }

    /// Lets go of these files and of all folders.
    void close(List<LogFile> files) {
        if (!files.isEmpty() || !folders.isEmpty()) {
            boolean _ = writer.offer(() -> closeAll(files), 0);
        }
        writer.close();
    }

    private void closeAll(List<LogFile> files) {
        closed = true;
        List<AutoCloseable> all = new ArrayList<>(files);
        all.addAll(folders.values());
        all.forEach(LogFiles::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("while closing log files", e);
        }
    }
}
