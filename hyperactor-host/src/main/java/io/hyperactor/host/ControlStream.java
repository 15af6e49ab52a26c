package io.hyperactor.host;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/// The host's end of a control pipe where only blocking writes exist: a thread of its own does
/// them, while there is something to write.
///
/// **Threads:** any, and no method blocks.
final class ControlStream implements AutoCloseable {
    static final int LINES_WAITING_MAX = 16;

    private final OutputStream pipe;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private boolean busy; // a thread writes
    private boolean closed;

    /// Owns `pipe` from now on.
    ControlStream(OutputStream pipe) {
        this.pipe = pipe;
    }

    /// Has `line` written after those before it.
    ///
    /// @return false if [#LINES_WAITING_MAX] are waiting, nobody reads any more, or this is closed
    boolean tell(byte[] line) {
        lock.lock();
        try {
            if (closed || waiting.size() == LINES_WAITING_MAX) {
                return false;
            }
            work(); // first: what no thread could be started for does not wait
            waiting.add(line);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the pipe after the lines that wait.
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                work();
            }
        } finally {
            lock.unlock();
        }
    }

    /// With the lock held.
    private void work() {
        if (busy) {
            return;
        }
        if (closed && waiting.isEmpty()) {
            closeNow(); // nothing to write, so nothing to wait for
            return;
        }
        Thread.ofPlatform().daemon().name("hyperactor-control-out").start(this::write);
        busy = true; // it waits for the lock
    }

    private void write() {
        for (Optional<byte[]> next = next(); next.isPresent(); next = next()) {
            try {
                pipe.write(next.get());
                pipe.flush();
            } catch (IOException e) {
                end(); // nobody reads any more
            }
        }
    }

    private Optional<byte[]> next() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                busy = false;
                if (closed) {
                    closeNow();
                }
            }
            return Optional.ofNullable(waiting.poll());
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    private void closeNow() {
        try {
            pipe.close();
        } catch (IOException e) {
            // Only that something was left to write, for a reader who is gone; it is closed all the
            // same.
        }
    }
}
