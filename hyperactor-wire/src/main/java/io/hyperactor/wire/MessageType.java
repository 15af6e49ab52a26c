package io.hyperactor.wire;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/// A type whose values can be sent: its codec, and a number that both sides must agree on.
///
/// **Threads:** any.
///
/// @param <M> the type
public final class MessageType<M> {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final WireType type;
    private final String signature;
    private final long hash;
    private final Codec<M> codec;

    @SuppressWarnings("unchecked") // a codec derived for the type
    MessageType(WireType type, String signature, Codec<?> codec) {
        this.type = type;
        this.signature = signature;
        this.hash = fnv1a(signature);
        this.codec = (Codec<M>) codec;
    }

    static long fnv1a(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return hash;
    }

    /// The name without packages, for people: `CounterMessage`, `Pair<String,long>`.
    public String name() {
        return type.qualifiedLabel();
    }

    /// The structure as text, for example `CounterMessage{Add(long),Get(OncePortRef<long>)}`:
    /// everything that decides what the bytes mean, but no names of packages or components. Equal
    /// on every machine and in every run.
    ///
    /// A type that was written out before is named only; so are those added by [Codecs#with].
    public String signature() {
        return signature;
    }

    /// FNV-1a, 64 bits, of the UTF-8 bytes of [#signature()].
    public long hash() {
        return hash;
    }

    /// The [PortId#index] of the handler port for messages of this type.
    public long handlerIndex() {
        return PortId.HANDLER | hash >>> 2;
    }

    /// The type itself: a [Class], or a [java.lang.reflect.ParameterizedType] of such.
    public Type javaType() {
        return type.asType();
    }

    /// Appends `message` to `out`.
    ///
    /// @throws EncodeException if it has no encoding; some of its bytes may have been written
    @SuppressWarnings("ConstantValue") // callers are not all null-marked
    public void write(WireWriter out, M message) {
        if (message == null) {
            throw new EncodeException(name() + " is null");
        }
        out.enter();
        try {
            codec.write(out, message);
        } finally {
            out.leave();
        }
    }

    /// Reads one message; what follows it is left to be read.
    ///
    /// @throws WireFormatException if the bytes are no message of this type
    public M read(WireReader in) {
        in.enter();
        var message = codec.read(in);
        in.leave();
        return message;
    }

    /// Reads one message, which must be all that is left.
    ///
    /// @throws WireFormatException if the bytes are no message of this type, or more than one
    public M readFully(WireReader in) {
        var message = read(in);
        in.requireEnd();
        return message;
    }

    @Override
    public String toString() {
        return name();
    }
}
