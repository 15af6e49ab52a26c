package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// The types with a codec of their own, apart from collections.
///
/// Those that [WireWriter] writes by a method are inlined into generated code; see [#method()].
enum Scalar {
    BOOLEAN(boolean.class, Boolean.class, boolean.class, "Boolean"),
    BYTE(byte.class, Byte.class, int.class, "Byte"),
    SHORT(short.class, Short.class, int.class, "Short"),
    CHAR(char.class, Character.class, char.class, "Char"),
    INT(int.class, Integer.class, int.class, "Int"),
    LONG(long.class, Long.class, long.class, "Long"),
    FLOAT(float.class, Float.class, float.class, "Float"),
    DOUBLE(double.class, Double.class, double.class, "Double"),
    STRING(String.class, String.class, String.class, "String"),
    BYTES(byte[].class, byte[].class, byte[].class, "Bytes"),
    BUFFER(ByteBuffer.class, ByteBuffer.class, ByteBuffer.class, "Buffer"),
    DURATION(java.time.Duration.class),
    INSTANT(java.time.Instant.class),
    UUID(java.util.UUID.class),
    ADDRESS(ChannelAddress.class),
    PROC(ProcId.class),
    ACTOR(ActorId.class),
    PORT(PortId.class);

    private static final Scalar[] ALL = values();

    private final Class<?> type;
    private final Class<?> boxed;
    private final Class<?> parameter;
    private final @Nullable String method;

    Scalar(Class<?> type, Class<?> boxed, Class<?> parameter, String method) {
        this.type = type;
        this.boxed = boxed;
        this.parameter = parameter;
        this.method = method;
    }

    Scalar(Class<?> type) {
        this.type = type;
        this.boxed = type;
        this.parameter = type;
        this.method = null;
    }

    static @Nullable Scalar of(Class<?> type) {
        for (var scalar : ALL) {
            if (scalar.type == type || scalar.boxed == type) {
                return scalar;
            }
        }
        return null;
    }

    /// The primitive type if there is one, else the class.
    Class<?> type() {
        return type;
    }

    Class<?> boxed() {
        return boxed;
    }

    /// What the writing method takes.
    Class<?> parameter() {
        return parameter;
    }

    /// The names of the methods of writer and reader without `write` and `read`, or null if there
    /// are none.
    @Nullable String method() {
        return method;
    }
}
