package io.hyperactor.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// Reads back what a [WireWriter] wrote, from a range of a byte array that it never leaves.
///
/// Nothing the bytes say is believed before it is checked: a length is compared with what is left
/// before anything is allocated for it.
///
/// **Threads:** one at a time. **Errors:** [WireFormatException] for whatever the bytes do wrong;
/// the reader then stands somewhere within the value.
public final class WireReader {

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// How many bytes may be compared with others on reading a value...
    private static final double COMPARED_MIN = 1 << 20;

    /// ... and how many more for each of its bytes.
    private static final double COMPARED_PER_BYTE = 64;

    private byte[] array;
    private int start;
    private int limit;
    private int position;
    private int depth;
    private double spent;

    /// Reads all of `array`, which must not change meanwhile.
    public WireReader(byte[] array) {
        this(array, 0, array.length);
    }

    /// Reads `length` bytes of `array` from `offset` on, which must not change meanwhile.
    ///
    /// @throws IndexOutOfBoundsException if the range is not within the array
    public WireReader(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        this.array = array;
        this.start = offset;
        this.position = offset;
        this.limit = offset + length;
    }

    /// Starts over with other bytes, so that a loop needs one reader only.
    ///
    /// @throws IndexOutOfBoundsException if the range is not within the array
    public void reset(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        this.array = array;
        this.start = offset;
        this.position = offset;
        this.limit = offset + length;
        this.depth = 0;
        this.spent = 0;
    }

    /// The array read from.
    public byte[] array() {
        return array;
    }

    /// The index in [#array()] of the next byte.
    public int position() {
        return position;
    }

    /// How many bytes are left.
    public int remaining() {
        return limit - position;
    }

    /// The error to throw for something wrong at the current position.
    ///
    /// @param what what is wrong
    public WireFormatException malformed(String what) {
        return new WireFormatException(what, position - start);
    }

    /// The error to throw for bytes that something else refused.
    ///
    /// @param what what was refused
    /// @param cause by whom and why
    public WireFormatException malformed(String what, Throwable cause) {
        return new WireFormatException(what, position - start, cause);
    }

    /// Checks that nothing is left.
    public void requireEnd() {
        if (remaining() != 0) {
            throw malformed(remaining() + " bytes too many");
        }
    }

    /// Passes over `length` bytes.
    public void skip(int length) {
        position = take(length) + length;
    }

    /// One byte, 0 or 1.
    public boolean readBoolean() {
        int value = readByte();
        if ((value & ~1) != 0) {
            throw malformed("a boolean that is neither 0 nor 1");
        }
        return value != 0;
    }

    /// One byte, signed.
    public byte readByte() {
        int p = take(1);
        position = p + 1;
        return array[p];
    }

    /// 2 bytes, signed.
    public short readShort() {
        int p = take(2);
        position = p + 2;
        return (short) SHORT.get(array, p);
    }

    /// One UTF-16 unit, of 2 bytes.
    public char readChar() {
        return (char) readShort();
    }

    /// 4 bytes.
    public int readInt() {
        int p = take(4);
        position = p + 4;
        return (int) INT.get(array, p);
    }

    /// 8 bytes.
    public long readLong() {
        int p = take(8);
        position = p + 8;
        return (long) LONG.get(array, p);
    }

    /// 4 bytes of IEEE 754 bits.
    public float readFloat() {
        return Float.intBitsToFloat(readInt());
    }

    /// 8 bytes of IEEE 754 bits.
    public double readDouble() {
        return Double.longBitsToDouble(readLong());
    }

    /// 1 to 5 bytes, see [WireWriter#writeVarint]; more bytes than the number needs are refused.
    public int readVarint() {
        int first = readByte();
        return first >= 0 ? first : readLongVarint(first & 0x7F);
    }

    private int readLongVarint(int low) {
        int value = low;
        for (int shift = 7; shift < 35; shift += 7) {
            int next = readByte();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                if (next == 0 || (shift == 28 && next > 0x0F)) {
                    break;
                }
                return value;
            }
        }
        throw malformed("a varint that is too long");
    }

    /// A varint that says how many bytes follow, or how many elements of at least one byte each:
    /// never more than there are.
    public int readLength() {
        int length = readVarint();
        if (Integer.compareUnsigned(length, remaining()) > 0) {
            throw malformed(
                    "a length of "
                            + Integer.toUnsignedString(length)
                            + " with "
                            + remaining()
                            + " bytes left");
        }
        return length;
    }

    /// A varint length and that many bytes of UTF-8.
    public String readString() {
        int length = readLength();
        int p = position;
        var text = new String(array, p, length, StandardCharsets.UTF_8);
        if (!Utf8.isExact(text, array, p, length)) {
            throw malformed("malformed UTF-8");
        }
        position = p + length;
        return text;
    }

    /// A varint length and that many bytes, copied.
    public byte[] readBytes() {
        int length = readLength();
        int p = position;
        position = p + length;
        return Arrays.copyOfRange(array, p, p + length);
    }

    /// The same as a buffer of its own, big-endian, from position 0 to its capacity.
    public ByteBuffer readBuffer() {
        return ByteBuffer.wrap(readBytes());
    }

    /// Copies `length` bytes.
    ///
    /// @throws IndexOutOfBoundsException if the range is not within `destination`
    public void readRaw(byte[] destination, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, destination.length);
        int p = take(length);
        System.arraycopy(array, p, destination, offset, length);
        position = p + length;
    }

    private int take(int length) {
        int p = position;
        if (Integer.compareUnsigned(length, limit - p) > 0) {
            throw malformed("the end, " + length + " bytes expected");
        }
        return p;
    }

    /// Called before elements that are all there are put into a hash table, of which a value may
    /// hold many: what is compared for that is in proportion to the bytes that came.
    void spend(Collisions collisions, String path) {
        spent = afford(collisions, path);
    }

    /// Called from time to time while more elements come: what they cost only grows.
    double afford(Collisions collisions, String path) {
        double all = spent + collisions.cost();
        if (all > COMPARED_MIN + COMPARED_PER_BYTE * (limit - start)) {
            throw malformed(path + " contains too many elements or keys of one hash code");
        }
        return all;
    }

    /// Called before a value of a type that may contain itself; [#leave] follows unless reading
    /// failed.
    void enter() {
        if (depth == Codecs.DEPTH_MAX) {
            throw malformed("nested more than " + Codecs.DEPTH_MAX + " deep");
        }
        depth++;
    }

    void leave() {
        depth--;
    }
}
