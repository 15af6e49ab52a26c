package io.hyperactor.channel;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// Bodies for tests.
final class Frames {
    private Frames() {}

    static FrameBody text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return out -> out.writeRaw(bytes, 0, bytes.length);
    }

    static FrameBody bytes(byte[] bytes) {
        return out -> out.writeRaw(bytes, 0, bytes.length);
    }

    static FrameBody number(long number) {
        return out -> out.writeLong(number);
    }

    static byte[] random(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
