package io.hyperactor.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Derives the codecs of one root type and of all that it contains.
final class Derivation {

    /// Generic types can contain ever longer versions of themselves: such a type has no end.
    private static final int NESTING_MAX = 200;

    private final Codecs codecs;
    private final Map<WireType, Codec<?>> known;
    private final Map<WireType, Codec<?>> finished = new HashMap<>();
    private final Map<WireType, RecursiveCodec> begun = new HashMap<>();

    Derivation(Codecs codecs, Map<WireType, Codec<?>> known) {
        this.codecs = codecs;
        this.known = known;
    }

    /// The codecs of the records, enums and sealed interfaces that were derived, to be kept if all
    /// went well.
    Map<WireType, Codec<?>> finished() {
        return finished;
    }

    /// @param path the component that has the type, for errors
    Codec<?> codec(WireType type, String path) {
        var raw = type.raw();
        var factory = codecs.factory(raw);
        if (factory != null) {
            return factory.create(type.argumentTypes(), codecs);
        }
        var scalar = Scalar.of(raw);
        if (scalar != null) {
            return new ScalarCodec(scalar);
        }
        if (Standard.isCollection(raw)) {
            return collection(type, path);
        }
        for (var codecsSoFar : List.of(known, finished, begun)) {
            var codec = codecsSoFar.get(type);
            if (codec != null) {
                return codec;
            }
        }
        return derive(type, path);
    }

    private Codec<?> collection(WireType type, String path) {
        var element = codec(type.arguments().getFirst(), path);
        if (type.raw() == Optional.class) {
            return new OptionalCodec(element);
        }
        if (takesNoBytes(type.arguments(), new HashSet<>())) {
            throw new UnsupportedTypeException(
                    path,
                    type + " of elements that take no bytes, so that nothing bounds its size");
        }
        if (type.raw() == List.class) {
            return new ListCodec(element, path);
        }
        if (type.raw() == Set.class) {
            return new SetCodec(element, path);
        }
        return new MapCodec(element, codec(type.arguments().get(1), path), path);
    }

    /// Whether values of these types leave no trace, like those of a record without components.
    private boolean takesNoBytes(List<WireType> types, Set<WireType> seen) {
        for (var type : types) {
            boolean isDerivedRecord = type.raw().isRecord() && !Standard.has(type.raw());
            if (!isDerivedRecord || codecs.factory(type.raw()) != null) {
                return false;
            }
            if (seen.add(type) && !takesNoBytes(type.componentTypes(), seen)) {
                return false;
            }
        }
        return true;
    }

    private Codec<?> derive(WireType type, String path) {
        if (begun.size() == NESTING_MAX) {
            throw new UnsupportedTypeException(path, "a type that contains ever longer types");
        }
        var itself = new RecursiveCodec();
        begun.put(type, itself);
        var codec = derived(type, path);
        itself.complete(codec);
        begun.remove(type);
        finished.put(type, codec);
        return codec;
    }

    private Codec<?> derived(WireType type, String path) {
        if (type.raw().isRecord()) {
            return record(type);
        }
        if (type.raw().isEnum()) {
            return new EnumCodec(type.raw());
        }
        if (type.isSealedInterface()) {
            return sealed(type);
        }
        throw new UnsupportedTypeException(path, type.raw().getTypeName() + " has no codec");
    }

    private Codec<?> record(WireType type) {
        var fields = new ArrayList<RecordField>();
        for (var component : type.components()) {
            var path = WireType.nestedName(type.raw()) + "." + component.component().getName();
            var codec = codec(component.type(), path);
            fields.add(RecordField.of(component, path, codec));
        }
        return new LazyCodec(type.raw(), fields);
    }

    private Codec<?> sealed(WireType type) {
        var arms = new ArrayList<Codec<?>>();
        var tags = new LinkedHashMap<Class<?>, Integer>();
        for (var permitted : type.permits()) {
            addTags(permitted, arms.size(), tags);
            arms.add(codec(permitted, WireType.nestedName(permitted.raw())));
        }
        return new SealedCodec(type.qualifiedLabel(), arms, tags);
    }

    /// A class below an inner sealed interface is found there, so it has that one's tag here.
    private void addTags(WireType type, int tag, Map<Class<?>, Integer> tags) {
        if (type.isSealedInterface() && codecs.factory(type.raw()) == null) {
            for (var permitted : type.permits()) {
                addTags(permitted, tag, tags);
            }
        } else {
            tags.putIfAbsent(type.raw(), tag);
        }
    }
}
