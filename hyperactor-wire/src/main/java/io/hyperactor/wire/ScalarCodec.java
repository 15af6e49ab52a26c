package io.hyperactor.wire;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// The codecs of the types with a codec of their own, where no generated code can call the writer
/// directly.
///
/// One class for all, as each class more delays a proc's start.
final class ScalarCodec implements Codec<Object> {

    private static final int NANOS_MAX = 999_999_999;

    private final Scalar scalar;

    ScalarCodec(Scalar scalar) {
        this.scalar = scalar;
    }

    @Override
    public void write(WireWriter out, Object value) {
        switch (scalar) {
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case BYTE -> out.writeByte((Byte) value);
            case SHORT -> out.writeShort((Short) value);
            case CHAR -> out.writeChar((Character) value);
            case INT -> out.writeInt((Integer) value);
            case LONG -> out.writeLong((Long) value);
            case FLOAT -> out.writeFloat((Float) value);
            case DOUBLE -> out.writeDouble((Double) value);
            case STRING -> out.writeString((String) value);
            case BYTES -> out.writeBytes((byte[]) value);
            case BUFFER -> out.writeBuffer((ByteBuffer) value);
            case DURATION -> {
                var duration = (Duration) value;
                writeTime(out, duration.getSeconds(), duration.getNano());
            }
            case INSTANT -> {
                var instant = (Instant) value;
                writeTime(out, instant.getEpochSecond(), instant.getNano());
            }
            case UUID -> {
                var uuid = (UUID) value;
                out.writeLong(uuid.getMostSignificantBits());
                out.writeLong(uuid.getLeastSignificantBits());
            }
            case ADDRESS -> IdCodecs.write(out, (ChannelAddress) value);
            case PROC -> IdCodecs.write(out, (ProcId) value);
            case ACTOR -> IdCodecs.write(out, (ActorId) value);
            case PORT -> IdCodecs.write(out, (PortId) value);
        }
    }

    @Override
    public Object read(WireReader in) {
        return switch (scalar) {
            case BOOLEAN -> in.readBoolean();
            case BYTE -> in.readByte();
            case SHORT -> in.readShort();
            case CHAR -> in.readChar();
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> in.readFloat();
            case DOUBLE -> in.readDouble();
            case STRING -> in.readString();
            case BYTES -> in.readBytes();
            case BUFFER -> in.readBuffer();
            case DURATION -> Duration.ofSeconds(in.readLong(), readNanos(in));
            case INSTANT -> readInstant(in);
            case UUID -> new UUID(in.readLong(), in.readLong());
            case ADDRESS -> IdCodecs.readAddress(in);
            case PROC -> IdCodecs.readProc(in);
            case ACTOR -> IdCodecs.readActor(in);
            case PORT -> IdCodecs.readPort(in);
        };
    }

    private static void writeTime(WireWriter out, long seconds, int nanos) {
        out.writeLong(seconds);
        out.writeInt(nanos);
    }

    private static int readNanos(WireReader in) {
        int nanos = in.readInt();
        if (nanos < 0 || nanos > NANOS_MAX) {
            throw in.malformed(nanos + " nanoseconds of a second");
        }
        return nanos;
    }

    private static Instant readInstant(WireReader in) {
        long seconds = in.readLong();
        int nanos = readNanos(in);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw in.malformed("an instant out of range");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }
}
