package io.hyperactor.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The bytes on a connection.
///
/// The dialler opens with a hello: magic, version, number of bytes that follow, then features,
/// session, longest body it takes, and its window. Everything after it, both ways, is a frame: the
/// length of the rest as a u32, a kind, and what the kind says. The server's first frame answers
/// the hello; the dialler need not wait for it.
final class Protocol {
    /// "HYPR".
    static final int MAGIC = 0x48595052;

    static final int VERSION = 1;

    /// Magic, version and length: the part that no later version may change.
    static final int HELLO_PREFIX = 6;

    private static final int HELLO_REST = 24;
    static final int HELLO_BYTES = HELLO_PREFIX + HELLO_REST;

    static final int LENGTH_BYTES = 4;

    // From the dialler.
    /// u64 sequence number, body.
    static final byte DATA = 1;

    /// Asks for an acknowledgement at once.
    static final byte ACK_NOW = 2;

    // From the server.
    /// u8 version, u32 features, u32 longest body.
    static final byte ACCEPT = 16;

    /// u64 sequence number up to which all was accepted.
    static final byte ACK = 17;

    /// u16 code, UTF-8 text. The last frame.
    static final byte REJECT = 18;

    /// The server was closed. The last frame.
    static final byte CLOSED = 19;

    /// From a data frame's start to its body.
    static final int DATA_HEADER = LENGTH_BYTES + 1 + 8;

    /// What a data frame's length field counts besides the body.
    static final int DATA_OVERHEAD = DATA_HEADER - LENGTH_BYTES;

    static final int ACCEPT_BYTES = LENGTH_BYTES + 1 + 9;
    static final int ACK_BYTES = LENGTH_BYTES + 1 + 8;

    /// The longest frame a server sends, by its length field: a reject with its text.
    static final int ANSWER_MAX = 1024;

    /// So that no length or array index overflows.
    static final int FRAME_BODY_MAX = 1 << 30;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Protocol() {}

    static int int32(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static long int64(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static void int32(byte[] bytes, int at, int value) {
        INT.set(bytes, at, value);
    }

    static void int64(byte[] bytes, int at, long value) {
        LONG.set(bytes, at, value);
    }

    static String text(byte[] bytes, int at, int length) {
        return new String(bytes, at, length, StandardCharsets.UTF_8);
    }

    /// What a dialler says of itself.
    record Hello(int features, long session, int bodyMax, int windowBytes, int windowFrames) {
        ByteBuffer encode() {
            return ByteBuffer.allocate(HELLO_BYTES)
                    .putInt(MAGIC)
                    .put((byte) VERSION)
                    .put((byte) HELLO_REST)
                    .putInt(features)
                    .putLong(session)
                    .putInt(bodyMax)
                    .putInt(windowBytes)
                    .putInt(windowFrames)
                    .flip();
        }

        /// Reads what follows the prefix.
        static Hello decode(byte[] bytes, int at) {
            return new Hello(
                    int32(bytes, at),
                    int64(bytes, at + 4),
                    int32(bytes, at + 12),
                    int32(bytes, at + 16),
                    int32(bytes, at + 20));
        }
    }

    static void putAccept(ByteBuffer out, int bodyMax) {
        out.putInt(ACCEPT_BYTES - LENGTH_BYTES)
                .put(ACCEPT)
                .put((byte) VERSION)
                .putInt(0)
                .putInt(bodyMax);
    }

    static void putAck(ByteBuffer out, long sequence) {
        out.putInt(ACK_BYTES - LENGTH_BYTES).put(ACK).putLong(sequence);
    }

    static void putClosed(ByteBuffer out) {
        out.putInt(1).put(CLOSED);
    }

    /// A reject with as much of `text` as an answer may hold.
    static ByteBuffer reject(RejectCode code, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, ANSWER_MAX - 3);
        return ByteBuffer.allocate(LENGTH_BYTES + 3 + length)
                .putInt(3 + length)
                .put(REJECT)
                .putShort((short) code.number())
                .put(utf8, 0, length)
                .flip();
    }
}
