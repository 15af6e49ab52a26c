package io.hyperactor.host;

import io.hyperactor.host.OutputListener.Stream;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// What one process printed: its last lines for a report of its exit, and its lines for the
/// [OutputQueue].
///
/// Memory is bounded whatever the process prints, and so is the work: of what comes faster than the
/// listener wants only the lines that the next report would show are looked at.
///
/// **Threads:** one for each stream feeds it, any may ask for the last lines.
final class OutputCapture {
    static final int BYTES_PER_SECOND = 1024 * 1024;

    private volatile String name;
    private final long pid;
    private final OutputQueue queue;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();
    private final LineSplitter stdout = new LineSplitter();
    private final LineSplitter stderr = new LineSplitter();
    private final LastLines last = new LastLines();

    private OutputListener.Terms terms;
    private RateLimit limit;
    private long dropped; // bytes, roughly, since the last line that was queued

    /// @param nanoTime a clock like [System#nanoTime()]
    OutputCapture(String name, long pid, OutputQueue queue, LongSupplier nanoTime) {
        this.name = name;
        this.pid = pid;
        this.queue = queue;
        this.nanoTime = nanoTime;
        this.terms = queue.terms(name);
        this.limit = new RateLimit(terms.bytesPerSecond(), nanoTime);
    }

    /// Gives the lines from now on another name, and the rights that come with it.
    void rename(String name) {
        lock.lock();
        try {
            this.name = name;
            terms = queue.terms(name);
            limit = new RateLimit(terms.bytesPerSecond(), nanoTime);
        } finally {
            lock.unlock();
        }
    }

    String name() {
        return name;
    }

    /// Takes what was read from `stream`.
    void accept(Stream stream, byte[] bytes, int count) {
        lock.lock();
        try {
            if (terms.raw()) {
                boolean _ = queue.offerBytes(stream, bytes, count); // a terminal has what it takes
            }
            if (limit.spend(count)) {
                splitter(stream)
                        .accept(
                                bytes,
                                0,
                                count,
                                line -> {
                                    last.add(stream, line);
                                    tell(stream, line);
                                });
            } else {
                dropped += count;
                feedLastLines(stream, bytes, count);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends `stream`: its last line is complete even without a line end.
    void end(Stream stream) {
        lock.lock();
        try {
            LineSplitter splitter = splitter(stream);
            if (splitter.hasUnfinishedLine()) {
                String line = splitter.text();
                splitter.clear();
                last.add(stream, line);
                tell(stream, line);
            }
            tellDropped(stream);
        } finally {
            lock.unlock();
        }
    }

    /// See [LaunchedProcess#lastLines()].
    List<String> lastLines() {
        lock.lock();
        try {
            return last.with(
                    List.of(stdout, stderr).stream()
                            .filter(LineSplitter::hasUnfinishedLine)
                            .map(LineSplitter::text)
                            .toList());
        } finally {
            lock.unlock();
        }
    }

    /// Feeds only the lines that can still be among the last ones when all of `bytes` have been
    /// seen.
    private void feedLastLines(Stream stream, byte[] bytes, int count) {
        int from = count;
        for (int newlines = 0; from > 0; from--) {
            if (bytes[from - 1] == '\n' && ++newlines > LastLines.MAX) {
                splitter(stream).clear(); // its line ends in what is skipped
                break;
            }
        }
        splitter(stream).accept(bytes, from, count - from, line -> last.add(stream, line));
    }

    private void tell(Stream stream, String line) {
        if (!tellDropped(stream) || !queue.offer(name, pid, stream, line)) {
            dropped += line.length() + 1;
        }
    }

    /// @return whether the listener knows of all that it misses
    private boolean tellDropped(Stream stream) {
        if (dropped > 0 && queue.offerDropped(name, pid, stream, dropped)) {
            dropped = 0;
        }
        return dropped == 0;
    }

    private LineSplitter splitter(Stream stream) {
        return switch (stream) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }
}
