package io.hyperactor.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// Appends values to a byte array. Fixed-size numbers are big-endian, lengths are varints.
///
/// A subclass decides where the bytes go by overriding [#grow].
///
/// **Threads:** one at a time. **Errors:** a value without an encoding throws [EncodeException];
/// what was written of it stays, [#position(int)] takes it back.
public class WireWriter {

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] array;
    private int position;
    private int depth;

    /// A writer with an array of its own.
    ///
    /// @param initialCapacity bytes to make room for at once
    public WireWriter(int initialCapacity) {
        this(new byte[initialCapacity], 0);
    }

    /// A writer that appends to `array` from `position` on; what stands before is kept.
    ///
    /// @throws IndexOutOfBoundsException if `position` is not within the array
    public WireWriter(byte[] array, int position) {
        this.array = array;
        this.position = Objects.checkFromToIndex(position, array.length, array.length);
    }

    /// The array written to; another one after a call that had to grow it.
    public final byte[] array() {
        return array;
    }

    /// The index in [#array()] of the next byte.
    public final int position() {
        return position;
    }

    /// Moves to an index in [#array()], to take back what was written after it or to patch a length
    /// before it.
    ///
    /// @throws IndexOutOfBoundsException if it is not within the array
    public final void position(int position) {
        this.position = Objects.checkFromToIndex(position, array.length, array.length);
    }

    /// A copy of everything before [#position()].
    public final byte[] toByteArray() {
        return Arrays.copyOf(array, position);
    }

    /// Makes room for `needed` more bytes after [#position()]. Called when there is less.
    ///
    /// An override may [#replace] the array and the position; after it returns, `needed` bytes must
    /// fit. This one at least doubles the array.
    ///
    /// @throws EncodeException if no array is long enough
    protected void grow(int needed) {
        long least = (long) position + needed;
        if (least > Integer.MAX_VALUE - 8) {
            throw new EncodeException("no room for " + needed + " bytes after " + position);
        }
        long doubled = Math.min(2L * array.length, Integer.MAX_VALUE - 8);
        replace(Arrays.copyOf(array, (int) Math.max(doubled, least)), position);
    }

    /// Goes on in another array, for [#grow]; the new owner has copied there what must be kept.
    ///
    /// @throws IndexOutOfBoundsException if `position` is not within the array
    protected final void replace(byte[] array, int position) {
        this.position = Objects.checkFromToIndex(position, array.length, array.length);
        this.array = array;
    }

    /// One byte, `true` as 1.
    public final void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    /// The low 8 bits.
    public final void writeByte(int value) {
        int p = room(1);
        array[p] = (byte) value;
        position = p + 1;
    }

    /// The low 16 bits, as 2 bytes.
    public final void writeShort(int value) {
        int p = room(2);
        SHORT.set(array, p, (short) value);
        position = p + 2;
    }

    /// One UTF-16 unit, as 2 bytes.
    public final void writeChar(char value) {
        writeShort(value);
    }

    /// 4 bytes.
    public final void writeInt(int value) {
        int p = room(4);
        INT.set(array, p, value);
        position = p + 4;
    }

    /// 8 bytes.
    public final void writeLong(long value) {
        int p = room(8);
        LONG.set(array, p, value);
        position = p + 8;
    }

    /// The IEEE 754 bits as 4 bytes; a NaN keeps its payload.
    public final void writeFloat(float value) {
        writeInt(Float.floatToRawIntBits(value));
    }

    /// The IEEE 754 bits as 8 bytes; a NaN keeps its payload.
    public final void writeDouble(double value) {
        writeLong(Double.doubleToRawLongBits(value));
    }

    /// 1 to 5 bytes: 7 bits each, the lowest first, the top bit set on all but the last. Read as
    /// unsigned, so a negative number takes 5.
    public final void writeVarint(int value) {
        int p = room(5);
        byte[] a = array;
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            a[p++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        a[p++] = (byte) rest;
        position = p;
    }

    /// The number of UTF-8 bytes as a varint, then the bytes.
    ///
    /// @throws EncodeException if `value` contains half a surrogate pair
    public final void writeString(String value) {
        int length = Utf8.length(value);
        writeVarint(length);
        int p = room(length);
        Utf8.encode(value, length, array, p);
        position = p + length;
    }

    /// The length as a varint, then the bytes.
    public final void writeBytes(byte[] value) {
        writeVarint(value.length);
        writeRaw(value, 0, value.length);
    }

    /// The number of bytes that remain in `value` as a varint, then these bytes. Its position
    /// stays.
    public final void writeBuffer(ByteBuffer value) {
        int length = value.remaining();
        writeVarint(length);
        int p = room(length);
        value.get(value.position(), array, p, length);
        position = p + length;
    }

    /// The bytes alone.
    ///
    /// @throws IndexOutOfBoundsException if the range is not within `source`
    public final void writeRaw(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        int p = room(length);
        System.arraycopy(source, offset, array, p, length);
        position = p + length;
    }

    private int room(int needed) {
        if (array.length - position < needed) {
            grow(needed);
        }
        return position;
    }

    /// Called before a value of a type that may contain itself; [#leave] follows in any case.
    final void enter() {
        if (depth == Codecs.DEPTH_MAX) {
            throw new EncodeException("nested more than " + Codecs.DEPTH_MAX + " deep");
        }
        depth++;
    }

    final void leave() {
        depth--;
    }
}
