package io.hyperactor;

import io.hyperactor.wire.Codec;
import io.hyperactor.wire.CodecFactory;
import io.hyperactor.wire.Codecs;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The message types of this runtime: everything [Codecs#standard()] knows, and refs to actors and
/// ports as first-class parts of messages.
public final class Protocols {
    private static final Map<Long, MessageType<?>> KNOWN = new ConcurrentHashMap<>();
    private static final Codecs CODECS =
            Codecs.standard()
                    .with(ActorRef.class, new RefCodecs(ActorRef.class))
                    .with(PortRef.class, new RefCodecs(PortRef.class))
                    .with(OncePortRef.class, new RefCodecs(OncePortRef.class));

    private Protocols() {}

    /// The codecs themselves, to be extended with codecs of your own types.
    public static Codecs codecs() {
        return CODECS;
    }

    /// The derived message type of a protocol.
    ///
    /// @throws io.hyperactor.wire.WireException if a part of it has no codec; names the part
    public static <M> MessageType<M> of(Class<M> protocol) {
        return note(CODECS.type(protocol));
    }

    /// The type with this hash, if it has been derived in this process.
    static @Nullable MessageType<?> byHash(long hash) {
        return KNOWN.get(hash);
    }

    private static <M> MessageType<M> note(MessageType<M> type) {
        KNOWN.putIfAbsent(type.hash(), type);
        return type;
    }

    /// Of one kind of ref. No lambda: linking the first ones takes a young process milliseconds.
    private record RefCodecs(Class<?> kind) implements CodecFactory {
        @Override
        public Codec<?> create(List<Type> arguments, Codecs codecs) {
            Later target = new Later(arguments.getFirst(), codecs);
            if (kind == ActorRef.class) {
                return new ActorRefCodec(target);
            }
            return kind == PortRef.class ? new PortRefCodec(target) : new OncePortRefCodec(target);
        }
    }

    /// A protocol may hold refs to itself, so what a ref points to is derived when first needed.
    private static final class Later implements Supplier<MessageType<Object>> {
        private final Type argument;
        private final Codecs codecs;
        private volatile @Nullable MessageType<Object> type;

        Later(Type argument, Codecs codecs) {
            this.argument = argument;
            this.codecs = codecs;
        }

        @Override
        @SuppressWarnings("unchecked")
        public MessageType<Object> get() {
            MessageType<Object> known = type;
            if (known == null) {
                type = known = note((MessageType<Object>) codecs.type(argument));
            }
            return known;
        }
    }

    private static void writeOwner(WireWriter out, Address owner, long incarnation) {
        out.writeBytes(owner.text());
        out.writeLong(incarnation);
    }

    private static Address readOwner(WireReader in) {
        return Address.read(in, in.readLength());
    }

    private record ActorRefCodec(Supplier<MessageType<Object>> type)
            implements Codec<ActorRef<Object>> {
        @Override
        public void write(WireWriter out, ActorRef<Object> ref) {
            writeOwner(out, ref.address(), ref.incarnation());
        }

        @Override
        public ActorRef<Object> read(WireReader in) {
            return new ActorRef<>(readOwner(in), type.get(), in.readLong());
        }
    }

    private record PortRefCodec(Supplier<MessageType<Object>> type)
            implements Codec<PortRef<Object>> {
        @Override
        public void write(WireWriter out, PortRef<Object> ref) {
            ref.bind(type.get());
            writeOwner(out, ref.owner(), ref.incarnation());
            out.writeLong(ref.index());
        }

        @Override
        public PortRef<Object> read(WireReader in) {
            Address owner = readOwner(in);
            return new PortRef<>(owner, in.readLong(), in.readLong(), type.get());
        }
    }

    private record OncePortRefCodec(Supplier<MessageType<Object>> type)
            implements Codec<OncePortRef<Object>> {
        @Override
        public void write(WireWriter out, OncePortRef<Object> ref) {
            ref.bind(type.get());
            writeOwner(out, ref.owner(), ref.incarnation());
            out.writeLong(ref.index());
        }

        @Override
        public OncePortRef<Object> read(WireReader in) {
            Address owner = readOwner(in);
            return new OncePortRef<>(owner, in.readLong(), in.readLong(), type.get());
        }
    }
}
