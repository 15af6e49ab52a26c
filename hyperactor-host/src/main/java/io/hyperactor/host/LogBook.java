package io.hyperactor.host;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// What the procs of a host printed and logged: the last records of each in memory, also of those
/// that ended last, more of them in files if the [LogPolicy] says so, and new ones for who follows.
///
/// Everything is bounded: [LogPolicy#linesMax()] records of a name, [#CHARS_MAX] characters of all,
/// [#ENDED_MAX] names that have ended, [#FOLLOWERS_MAX] followers.
///
/// **Threads:** any. [#find], [#follow] and [#knows] may wait for a disk, for a few seconds; then
/// what it has not given is left out. Files are written on a thread of their own,
/// `hyperactor-log-files`, so nothing else here waits for a disk, and nothing for a follower.
public final class LogBook implements AutoCloseable {
    /// Characters in memory, at most, of all procs together.
    public static final int CHARS_MAX = 32 * 1024 * 1024;

    /// Names of ended procs that are remembered.
    public static final int ENDED_MAX = 64;

    /// How many may follow at the same time.
    public static final int FOLLOWERS_MAX = 16;

    private final long id = ThreadLocalRandom.current().nextLong(); // no two have the same
    private final LogPolicy standard;
    private final LogFiles files;
    private final InstantSource clock;

    private final ReentrantLock lock = new ReentrantLock(); // guards what follows; no disk with it
    private final Map<String, LogPages> pages = new LinkedHashMap<>();
    private final Set<String> ended = new LinkedHashSet<>(); // the oldest first
    private final List<LogFollower> followers = new ArrayList<>();
    private long forgotten; // records of names that are not remembered any more
    private boolean closed;

    /// @param standard what holds for procs that nobody gave a policy
    /// @throws HostException.LogFolderUnusable if its folder can not be used
    LogBook(LogPolicy standard) {
        this(standard, LogFiles.Disk.ofThisMachine(), System::nanoTime, InstantSource.system());
    }

    /// @param nanoTime times the attempts to write to a disk that is full
    /// @param clock of the records' times
    LogBook(LogPolicy standard, LogFiles.Disk disk, LongSupplier nanoTime, InstantSource clock) {
        this.files = new LogFiles(disk, nanoTime, this::isLive);
        this.clock = clock;
        this.standard = standard;
        if (standard.folder().isPresent()) {
            try {
                files.openFolder(standard.folder().get());
            } catch (IOException e) {
                throw new HostException.LogFolderUnusable(standard.folder().get(), e);
            }
        }
    }

    // ---- writing

    /// A proc of this name begins. Its folder and file are opened when its first record is written.
    /// If they can not be that costs its files, not the proc: then all of its records are
    /// [#lostRecords()].
    void begin(String proc, LogPolicy policy) {
        LogFile before;
        LogFile file;
        lock.lock();
        try {
            LogPages its = pages.computeIfAbsent(proc, _ -> new LogPages(policy));
            before = its.file();
            file = files.of(proc, policy, before);
            its.begin(policy, file);
            ended.remove(proc);
            trimAll();
        } finally {
            lock.unlock();
        }
        if (before != null && before != file) {
            files.letGo(before);
        }
    }

    private boolean isLive(String proc) {
        lock.lock();
        try {
            LogPages its = pages.get(proc);
            return its != null && its.isLive();
        } finally {
            lock.unlock();
        }
    }

    /// The proc has ended. What it printed last may come after this.
    void end(String proc) {
        lock.lock();
        try {
            LogPages its = pages.get(proc);
            if (its != null) {
                its.end();
                remember(proc);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of its file, if it has one. A later record opens it again, whosever it is.
    void letGo(String proc) {
        LogFile file = null;
        lock.lock();
        try {
            LogPages its = pages.get(proc);
            if (its != null) {
                file = its.file();
            }
        } finally {
            lock.unlock();
        }
        if (file != null) {
            files.letGo(file);
        }
    }

    private void remember(String endedProc) {
        ended.remove(endedProc);
        ended.add(endedProc);
        if (ended.size() > ENDED_MAX) {
            String oldest = ended.iterator().next();
            ended.remove(oldest);
            LogPages its = pages.remove(oldest);
            forgotten += its == null ? 0 : its.count();
        }
    }

    /// Takes a record.
    void add(LogRecord record) {
        LogFile file;
        boolean live;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            LogPages its = pages.get(record.proc());
            if (its == null) {
                its = new LogPages(standard);
                pages.put(record.proc(), its);
                remember(record.proc());
            }
            its.add(record, share());
            followers.forEach(follower -> follower.offer(record));
            file = its.file();
            live = its.isLive();
        } finally {
            lock.unlock();
        }
        if (file != null) {
            files.write(file, record, !live);
        }
    }

    /// How many characters each proc may take.
    private int share() {
        return Math.min(LogPages.CHARS_MAX, CHARS_MAX / Math.max(1, pages.size()));
    }

    private void trimAll() {
        int share = share();
        if (share < LogPages.CHARS_MAX) {
            pages.values().forEach(its -> its.trim(share));
        }
    }

    /// What holds for this proc.
    LogPolicy policy(String proc) {
        lock.lock();
        try {
            LogPages its = pages.get(proc);
            return its == null ? standard : its.policy();
        } finally {
            lock.unlock();
        }
    }

    /// How many records could not be written to files.
    public long lostRecords() {
        return files.lost();
    }

    // ---- reading

    /// Whether something is known of a proc of this name: it lives, ended not long ago, or has
    /// files.
    ///
    /// @throws HostException.LogFolderUnusable if only a folder could tell, and that cannot be
    ///   read, or not in time
    public boolean knows(String proc) {
        lock.lock();
        try {
            if (pages.containsKey(proc)) {
                return true;
            }
        } finally {
            lock.unlock();
        }
        return files.haveThoseOf(proc);
    }

    /// The last records, of all procs in the order of their times. If a disk does not answer, those
    /// of its files are missing.
    public List<LogRecord> find(LogQuery query) {
        return select(query, inMemory(query));
    }

    /// New records from now on, after those that the query finds: see [LogFollower].
    ///
    /// @throws HostException.TooManyFollowers if [#FOLLOWERS_MAX] follow already
    /// @throws HostException.Closed if the book is
    public LogFollower follow(LogQuery query) {
        return follow(query, Optional.empty());
    }

    /// New records from now on, after those of these names that somebody else who followed has not
    /// got, and as many as are there of those. How many are not comes with the first batch; fewer
    /// than that if a name was forgotten meanwhile, see [#ENDED_MAX], and none if it was another
    /// book.
    ///
    /// @throws HostException.TooManyFollowers if [#FOLLOWERS_MAX] follow already
    /// @throws HostException.Closed if the book is
    public LogFollower follow(Set<String> names, LogPosition from) {
        return follow(
                new LogQuery(names, Optional.of(from.since()), LogQuery.MAX), Optional.of(from));
    }

    private LogFollower follow(LogQuery query, Optional<LogPosition> from) {
        LogFollower follower = new LogFollower(id, query, this::forget, clock);
        try {
            begin(follower, query, from);
            return follower;
        } catch (Throwable t) { // nobody has it to close it
            forget(follower);
            throw t;
        }
    }

    private void begin(LogFollower follower, LogQuery query, Optional<LogPosition> from) {
        Map<String, List<LogRecord>> past;
        long count;
        lock.lock();
        try {
            if (closed) {
                throw new HostException.Closed("the host is closed");
            }
            if (followers.size() == FOLLOWERS_MAX) {
                throw new HostException.TooManyFollowers(FOLLOWERS_MAX);
            }
            followers.add(follower);
            past = inMemory(query); // in one go: none is missing between, and none comes twice
            count = count(query);
        } finally {
            lock.unlock();
        }
        follower.begin(select(query, past), count, from);
    }

    private long count(LogQuery query) {
        long count = query.names().isEmpty() ? forgotten : 0;
        for (Map.Entry<String, LogPages> its : pages.entrySet()) {
            if (query.isFor(its.getKey())) {
                count += its.getValue().count();
            }
        }
        return count;
    }

    /// How many follow.
    int followers() {
        lock.lock();
        try {
            return followers.size();
        } finally {
            lock.unlock();
        }
    }

    private void forget(LogFollower follower) {
        lock.lock();
        try {
            followers.remove(follower);
        } finally {
            lock.unlock();
        }
    }

    private Map<String, List<LogRecord>> inMemory(LogQuery query) {
        Map<String, List<LogRecord>> found = new HashMap<>();
        lock.lock();
        try {
            pages.forEach((proc, its) -> {
                if (query.isFor(proc)) {
                    found.put(proc, its.records());
                }
            });
        } finally {
            lock.unlock();
        }
        return found;
    }

    private List<LogRecord> select(LogQuery query, Map<String, List<LogRecord>> inMemory) {
        files.settle();
        LogSelection selection = new LogSelection(query);
        inMemory.values().forEach(records -> records.forEach(selection::add));
        files.read(query, inMemory, selection);
        return selection.records();
    }

    /// Ends all followers and lets go of the files; what is in memory can still be found.
    @Override
    public void close() {
        List<LogFollower> open;
        List<LogFile> written = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            open = List.copyOf(followers);
            for (LogPages its : pages.values()) {
                LogFile file = its.file();
                if (file != null) {
                    written.add(file);
                }
            }
        } finally {
            lock.unlock();
        }
        open.forEach(LogFollower::close);
        files.close(written);
    }
}
