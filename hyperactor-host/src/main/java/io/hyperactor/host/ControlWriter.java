package io.hyperactor.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;

/// The host's end of a control pipe, which takes a line whole or not at all and never blocks.
///
/// **Threads:** any.
final class ControlWriter implements AutoCloseable {
    private final Libc libc;
    private final Descriptor pipe;
    private final ReentrantLock lock = new ReentrantLock(); // no write on a closed descriptor

    /// Owns `pipe` from now on.
    private ControlWriter(Libc libc, Descriptor pipe) {
        this.libc = libc;
        this.pipe = pipe;
    }

    /// Takes over the write end of a pipe.
    ///
    /// @throws IOException if it cannot be made not to block; it is still the caller's then
    static ControlWriter over(Libc libc, Descriptor pipe) throws IOException {
        Native.check(libc.setNonBlocking(pipe.fd()), "fcntl");
        return new ControlWriter(libc, pipe.handOver());
    }

    /// Writes `line`, which may be a secret.
    ///
    /// @param line at most [ControlLine#MAX_BYTES]
    /// @return false if there is no room for it, nobody to read it, or this is closed
    boolean tell(byte[] line) {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            if (!pipe.isOpen()) {
                return false;
            }
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, line);
            boolean written = libc.write(pipe.fd(), copy) == line.length;
            copy.fill((byte) 0);
            return written;
        } finally {
            lock.unlock();
        }
    }

    /// Hands the pipe to a new owner: this is closed then as far as its owner can tell.
    ControlWriter handOver() {
        return new ControlWriter(libc, pipe.handOver());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            pipe.close();
        } finally {
            lock.unlock();
        }
    }
}
