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

    static Class<?> unboxed(Class<?> raw) {
        var scalar = Scalar.of(raw);
        return scalar == null ? raw : scalar.type();
    }
}
