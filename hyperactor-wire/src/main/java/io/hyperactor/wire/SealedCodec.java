package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// One of the types that a sealed interface permits: its tag, then itself.
///
/// The tag of a class is looked up in an open hash table of our own, two or three loads on average.
final class SealedCodec implements Codec<Object> {

    private final String name;
    private final Codec<Object>[] arms;
    private final @Nullable Class<?>[] classes;
    private final int[] tags;

    @SuppressWarnings("unchecked") // a codec is called with values of its own class only
    SealedCodec(String name, List<Codec<?>> arms, Map<Class<?>, Integer> tagByClass) {
        this.name = name;
        this.arms = (Codec<Object>[]) arms.toArray(new Codec<?>[0]);
        int slots = Integer.highestOneBit(Math.max(1, tagByClass.size())) * 4;
        this.classes = new Class<?>[slots];
        this.tags = new int[slots];
        for (var entry : tagByClass.entrySet()) {
            put(entry.getKey(), entry.getValue());
        }
    }

    private void put(Class<?> type, int tag) {
        int slot = type.hashCode() & (classes.length - 1);
        while (classes[slot] != null) {
            slot = (slot + 1) & (classes.length - 1);
        }
        classes[slot] = type;
        tags[slot] = tag;
    }

    private int tag(Object value) {
        // The constants of an enum may be of subclasses.
        var type =
                value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
        int slot = type.hashCode() & (classes.length - 1);
        while (true) {
            var candidate = classes[slot];
            if (candidate == type) {
                return tags[slot];
            }
            if (candidate == null) {
                throw new EncodeException(type.getTypeName() + " is not part of " + name);
            }
            slot = (slot + 1) & (classes.length - 1);
        }
    }

    @Override
    public void write(WireWriter out, Object value) {
        int tag = tag(value);
        out.writeVarint(tag);
        arms[tag].write(out, value);
    }

    @Override
    public Object read(WireReader in) {
        int tag = in.readVarint();
        if (Integer.compareUnsigned(tag, arms.length) >= 0) {
            throw in.malformed("tag " + Integer.toUnsignedString(tag) + " is not part of " + name);
        }
        return arms[tag].read(in);
    }
}
