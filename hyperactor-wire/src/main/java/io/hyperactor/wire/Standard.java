package io.hyperactor.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The types that have a codec without derivation, and whose codec cannot be replaced.
final class Standard {

    private static final Set<Class<?>> COLLECTIONS =
            Set.of(List.class, Set.class, Map.class, Optional.class);

    private Standard() {}

    static boolean has(Class<?> raw) {
        return Scalar.of(raw) != null || isCollection(raw);
    }

    static boolean isCollection(Class<?> raw) {
        return COLLECTIONS.contains(raw);
    }

    /// The type whose name stands for `raw`, for their bytes are the same: the primitive of a box,
    /// an array for a buffer.
    static Class<?> named(Class<?> raw) {
        var scalar = Scalar.of(raw);
        if (scalar == null) {
            return raw;
        }
        return scalar == Scalar.BUFFER ? byte[].class : scalar.type();
    }
}
