package io.hyperactor.channel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Random numbers that nobody can guess: of the kernel where it can be asked, for a [SecureRandom]
/// costs a child proc 10 ms of its start. It is asked for some in advance.
///
/// **Threads:** any.
final class Secrets implements RandomGenerator {
    private static final Path KERNEL = Path.of("/dev/urandom");
    private static final int POOL_BYTES = 64 * Long.BYTES;

    private static final class Fallback {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    private final ReentrantLock lock = new ReentrantLock(); // guards the pool
    private final ByteBuffer pool = ByteBuffer.allocate(POOL_BYTES).limit(0);

    @Override
    public long nextLong() {
        lock.lock();
        try {
            return pool.hasRemaining() || fill() ? take() : Fallback.RANDOM.nextLong();
        } finally {
            lock.unlock();
        }
    }

    /// What was given out is not kept.
    private long take() {
        long next = pool.getLong(pool.position());
        pool.putLong(0);
        return next;
    }

    /// False if there is no such file on this system, or no descriptor left.
    private boolean fill() {
        try (InputStream kernel = Files.newInputStream(KERNEL)) {
            boolean full = kernel.readNBytes(pool.array(), 0, POOL_BYTES) == POOL_BYTES;
            pool.position(0).limit(full ? POOL_BYTES : 0);
            return full;
        } catch (IOException e) {
            return false;
        }
    }
}
