package io.hyperactor.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The bytes on a connection.
///
/// The dialler opens with a [Hello]. Everything after it, both ways, is a frame: the length of the
/// rest as a u32, a kind, and what the kind says. The server's first frame answers the hello; a
/// dialler that wants to resume waits for it, any other need not.
final class Protocol {
    /// "HYPR".
    static final int MAGIC = 0x48595052;

    static final int VERSION = 1;

    static final int LENGTH_BYTES = 4;

    // From the dialler.
    /// u64 sequence number, body.
    static final byte DATA = 1;

    /// Asks for an acknowledgement at once.
    static final byte ACK_NOW = 2;

    /// Nothing else to say. From the dialler; the server's is [#BEAT_BACK].
    static final byte BEAT = 3;

    /// The session is over: forget it.
    static final byte GOODBYE = 4;

    // From the server.
    /// u8 version, u32 features, u32 longest body; with features more: see [Welcome].
    static final byte ACCEPT = 16;

    /// u64 sequence number up to which all was accepted, or refused before. More may follow later.
    static final byte ACK = 17;

    /// u16 code, UTF-8 text. The last frame.
    static final byte REJECT = 18;

    /// The server was closed. The last frame.
    static final byte CLOSED = 19;

    /// Nothing else to say.
    static final byte BEAT_BACK = 20;

    /// u64 sequence number, u16 code, UTF-8 text: this frame was not taken, all before it were.
    static final byte REFUSED = 21;

    /// From a data frame's start to its body.
    static final int DATA_HEADER = LENGTH_BYTES + 1 + 8;

    /// What a data frame's length field counts besides the body.
    static final int DATA_OVERHEAD = DATA_HEADER - LENGTH_BYTES;

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

    static void putAck(ByteBuffer out, long sequence) {
        out.putInt(ACK_BYTES - LENGTH_BYTES).put(ACK).putLong(sequence);
    }

    static void putBare(ByteBuffer out, byte kind) {
        out.putInt(1).put(kind);
    }

    static ByteBuffer refused(long sequence, RejectCode code, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, ANSWER_MAX - 11);
        return ByteBuffer.allocate(LENGTH_BYTES + 11 + length)
                .putInt(11 + length)
                .put(REFUSED)
                .putLong(sequence)
                .putShort((short) code.number())
                .put(utf8, 0, length)
                .flip();
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
