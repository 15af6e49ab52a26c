package io.hyperactor.host;

import java.util.concurrent.atomic.AtomicInteger;

/// A file descriptor with one owner, who closes it.
///
/// **Threads:** any may close it; using it while another thread closes it is the owner's mistake.
final class Descriptor implements AutoCloseable {
    private static final int CLOSED = -1;

    private final Libc libc;
    private final AtomicInteger fd;

    Descriptor(Libc libc, int fd) {
        this.libc = libc;
        this.fd = new AtomicInteger(fd);
    }

    int fd() {
        return fd.get();
    }

    boolean isOpen() {
        return fd() != CLOSED;
    }

    /// Hands it to a new owner: this one is closed then as far as its owner can tell.
    Descriptor handOver() {
        return new Descriptor(libc, fd.getAndSet(CLOSED));
    }

    /// Closes it. Never twice, for its number may be another's by then.
    @Override
    public void close() {
        int number = fd.getAndSet(CLOSED);
        if (number != CLOSED) {
            libc.close(number); // after an error it is closed all the same
        }
    }
}
