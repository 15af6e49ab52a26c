package io.hyperactor.channel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
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

    /// Has `session` write at most `most` bytes; returns them.
    static byte[] write(SenderSession session, int most) {
        ByteBuffer[] views = new ByteBuffer[3];
        int count = session.gather(views, 0, most);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            byte[] piece = new byte[views[i].remaining()];
            views[i].get(piece);
            bytes.writeBytes(piece);
        }
        session.written(bytes.size());
        return bytes.toByteArray();
    }
}
