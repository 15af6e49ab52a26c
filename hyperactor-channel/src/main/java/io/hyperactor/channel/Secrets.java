package io.hyperactor.channel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/// Random numbers that nobody can guess: of the kernel where it can be asked, for a [SecureRandom]
/// costs a child proc 10 ms of its start.
///
/// **Threads:** any.
final class Secrets implements RandomGenerator {
    private static final Path KERNEL = Path.of("/dev/urandom");

    private static final class Fallback {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    @Override
    public long nextLong() {
        try (InputStream kernel = Files.newInputStream(KERNEL)) {
            byte[] bytes = kernel.readNBytes(Long.BYTES);
            if (bytes.length == Long.BYTES) {
                return ByteBuffer.wrap(bytes).getLong();
            }
        } catch (IOException e) {
            // there is no such file on this system, or no descriptor left
        }
        return Fallback.RANDOM.nextLong();
    }
}
