package io.hyperactor.channel;

import io.hyperactor.stress.Check;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BooleanSupplier;

/// Feeds a stream to a [FrameSplitter] as reads of a socket would, in pieces that a seed decides.
final class Pieces {
    private static final byte FOREIGN = 0x55;

    /// To be allocated for each input it is too large.
    private static final ThreadLocal<byte[]> BUFFER =
            ThreadLocal.withInitial(() -> new byte[EventLoop.BUFFER_BYTES]);

    private final Random random;
    private final byte[] buffer = BUFFER.get();
    private final ByteBuffer shared = ByteBuffer.wrap(buffer);

    Pieces(long seed) {
        this.random = new Random(seed);
    }

    /// @param over whether the sink is done, so that the rest of the stream is not read
    /// @param most how many bytes come with one read at most
    void feed(FrameSplitter splitter, byte[] stream, int most, BooleanSupplier over) {
        for (int at = 0; at < stream.length && !over.getAsBoolean(); ) {
            if (random.nextInt(8) == 0) {
                splitter.target(shared); // the read brought nothing
            }
            ByteBuffer target = splitter.target(shared);
            checkMemory(target, at);
            int length = Math.min(target.remaining(), 1 + random.nextInt(most));
            length = Math.min(length, stream.length - at);
            target.put(stream, at, length);
            at += length;
            boolean more = splitter.received(target);
            Arrays.fill(buffer, 0, shared.position(), FOREIGN); // others read meanwhile
            while (!more && !over.getAsBoolean()) {
                more = splitter.again();
            }
        }
    }

    /// An array of its own grows with what has arrived.
    @SuppressWarnings("ReferenceEquality") // the very buffer
    private void checkMemory(ByteBuffer target, int arrived) {
        Check.that(target.hasRemaining(), "no room to read into");
        if (target != shared) {
            long most = Math.max(64 * 1024, 2L * arrived);
            Check.that(target.capacity() <= most, target.capacity() + " bytes after " + arrived);
        }
    }
}
