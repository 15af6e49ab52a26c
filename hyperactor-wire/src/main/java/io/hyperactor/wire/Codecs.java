package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Derives message types, and keeps those it derived.
///
/// A codec is derived for records, enums, and sealed interfaces of such (also nested, also generic
/// with given arguments) whose components are these types again, or: the primitives and their
/// boxes, [String], `byte[]`, [java.nio.ByteBuffer], [java.util.List], [java.util.Set],
/// [java.util.Map], [java.util.Optional], [java.time.Duration], [java.time.Instant],
/// [java.util.UUID], [ChannelAddress], [ProcId], [ActorId], [PortId], and what [#with] adds.
/// Collections come back unmodifiable, in the order they were written in.
///
/// The types reachable from the root are all that is ever decoded: no class is found by a name from
/// the wire.
///
/// A record that is not public, or whose package is not exported to this module, must be in a
/// package that is open to it; on the class path every package is.
///
/// **Threads:** any; immutable but for what it remembers, which keeps the classes it has seen from
/// being unloaded. A program that unloads classes gives each set of them codecs of its own, by
/// [#with].
public final class Codecs {

    /// How many levels deep a value may lie within values of its own type or within message types;
    /// the outermost value is the first level.
    static final int DEPTH_MAX = 64;

    private static final Codecs STANDARD = new Codecs(Map.of());

    private final Map<Class<?>, CodecFactory> factories;
    private final ConcurrentHashMap<Type, MessageType<?>> types = new ConcurrentHashMap<>();
    private final Map<WireType, Codec<?>> derived = new HashMap<>(); // guarded by deriving
    private final ReentrantLock deriving = new ReentrantLock();

    private Codecs(Map<Class<?>, CodecFactory> factories) {
        this.factories = factories;
    }

    /// The codecs of everything that can be derived, without additions.
    public static Codecs standard() {
        return STANDARD;
    }

    /// These codecs and those that `factory` makes for `raw`, in place of what would have been
    /// derived for it.
    ///
    /// The signature of a type names `raw` with its arguments only, whatever it contains.
    ///
    /// @throws IllegalArgumentException if `raw` is one of the types that have a codec of their
    ///   own, such as [String]
    public Codecs with(Class<?> raw, CodecFactory factory) {
        if (Standard.has(raw)) {
            throw new IllegalArgumentException(
                    "the codec of " + raw.getName() + " cannot be replaced");
        }
        var more = new HashMap<>(factories);
        more.put(raw, factory);
        return new Codecs(Map.copyOf(more));
    }

    /// The message type of a class without type parameters.
    ///
    /// @throws UnsupportedTypeException if no codec can be derived
    @SuppressWarnings("unchecked") // what is kept under a class is of that class
    public <M> MessageType<M> type(Class<M> root) {
        return (MessageType<M>) type((Type) root);
    }

    /// The message type of a class or a generic class with its arguments.
    ///
    /// @throws UnsupportedTypeException if no codec can be derived
    public MessageType<?> type(Type type) {
        var known = types.get(type);
        return known != null ? known : derive(type);
    }

    private MessageType<?> derive(Type type) {
        if (deriving.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "a codec factory must not ask for "
                            + type.getTypeName()
                            + " before its codec is used");
        }
        deriving.lock();
        try {
            var root = WireType.of(type, type.getTypeName());
            var canonical = root.asType();
            var known = types.get(canonical);
            if (known == null) {
                var derivation = new Derivation(this, derived);
                var codec = derivation.codec(root, root.qualifiedLabel());
                known = new MessageType<>(root, Signature.of(root, this), codec);
                derived.putAll(derivation.finished());
            }
            types.put(canonical, known);
            types.put(type, known);
            return known;
        } finally {
            deriving.unlock();
        }
    }

    @Nullable CodecFactory factory(Class<?> raw) {
        return factories.get(raw);
    }
}
