package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// What a [LogBook] keeps of one name: its last records, over all lives. Not thread-safe: the
/// book's lock guards it.
final class LogPages {
    /// Characters at most, of a book that has few pages.
    static final int CHARS_MAX = 256 * 1024;

    private final Deque<LogRecord> records = new ArrayDeque<>();
    private LogPolicy policy;
    private int chars;
    private long count;
    private boolean live;
    private @Nullable LogFile file;

    LogPages(LogPolicy policy) {
        this.policy = policy;
    }

    LogPolicy policy() {
        return policy;
    }

    boolean isLive() {
        return live;
    }

    @Nullable LogFile file() {
        return file;
    }

    void begin(LogPolicy policy, @Nullable LogFile file) {
        this.policy = policy;
        this.file = file;
        live = true;
    }

    void end() {
        live = false;
    }

    void add(LogRecord record, int charsMax) {
        records.addLast(record);
        count++;
        chars += record.cost();
        trim(charsMax);
    }

    /// Keeps the last record whatever it takes: it says most.
    void trim(int charsMax) {
        while (records.size() > policy.linesMax() || (chars > charsMax && records.size() > 1)) {
            chars -= records.removeFirst().cost();
        }
    }

    /// How many were added, whether they are kept or not.
    long count() {
        return count;
    }

    List<LogRecord> records() {
        return List.copyOf(records);
    }
}
