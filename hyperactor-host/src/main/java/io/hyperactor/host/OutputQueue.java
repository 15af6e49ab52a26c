package io.hyperactor.host;

import io.hyperactor.host.OutputListener.Stream;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/// Hands what processes print to an [OutputListener]: lines on the thread `hyperactor-output`,
/// bytes on `hyperactor-pass-through`, for a terminal that stands still must not hold up the lines.
/// It keeps a bounded number of either and refuses more.
///
/// **Threads:** any.
final class OutputQueue implements AutoCloseable {
    private static final int COST = 64; // what a line takes besides its characters, roughly

    private final OutputListener listener;
    private final InstantSource clock;
    private final LogQueue<Runnable> queue = new LogQueue<>("hyperactor-output", Runnable::run);
    private final LogQueue<Runnable> through =
            new LogQueue<>("hyperactor-pass-through", Runnable::run);

    OutputQueue(OutputListener listener) {
        this(listener, InstantSource.system());
    }

    OutputQueue(OutputListener listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /// What the listener wants of a process of this name.
    OutputListener.Terms terms(String name) {
        return listener.terms(name);
    }

    /// Queues a line, which was printed now.
    ///
    /// @return false if there is no room for it now
    boolean offer(String name, long pid, Stream stream, String text) {
        Instant now = clock.instant();
        return queue.offer(() -> listener.line(now, name, pid, stream, text), text.length() + COST);
    }

    /// Queues that so many bytes are missing here.
    ///
    /// @return false if there is no room for it now
    boolean offerDropped(String name, long pid, Stream stream, long bytes) {
        Instant now = clock.instant();
        return queue.offer(() -> listener.dropped(now, name, pid, stream, bytes), COST);
    }

    /// Queues bytes as they were printed; they are copied.
    ///
    /// @return false if there is no room for them now
    boolean offerBytes(Stream stream, byte[] bytes, int count) {
        byte[] copy = Arrays.copyOf(bytes, count);
        return through.offer(() -> listener.bytes(stream, copy), count + COST);
    }

    /// Ends the threads when the listener has taken what is queued; waits a second for each.
    @Override
    public void close() {
        queue.close();
        through.close();
    }
}
