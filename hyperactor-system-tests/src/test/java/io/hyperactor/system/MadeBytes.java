package io.hyperactor.system;

import io.hyperactor.Blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/// Bytes of which no two neighbourhoods are alike, and which take no room.
record MadeBytes(long length) implements Blob.Source {
    private static final int STEP = 64 * 1024;

    @Override
    public ByteBuffer read(long offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (long at = offset; bytes.remaining() >= Long.BYTES; at += Long.BYTES) {
            bytes.putLong(at * 0x9E37_79B9_7F4A_7C15L);
        }
        while (bytes.hasRemaining()) {
            bytes.put((byte) bytes.position());
        }
        return bytes.flip();
    }

    /// What [#checksum(InputStream)] is for these.
    long checksum() {
        CRC32C sum = new CRC32C();
        for (long at = 0; at < length; at += STEP) {
            sum.update(read(at, (int) Math.min(STEP, length - at)));
        }
        return sum.getValue();
    }

    static long checksum(InputStream in) throws IOException {
        CRC32C sum = new CRC32C();
        var _ = in.transferTo(new CheckedOutputStream(OutputStream.nullOutputStream(), sum));
        return sum.getValue();
    }
}
