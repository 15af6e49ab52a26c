package io.hyperactor.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/// Makes values of any type that has a derived codec.
final class RandomValues {

    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    <T> T of(Class<T> type) {
        return type.cast(of(WireType.of(type, type.getName()), 6));
    }

    /// @param budget how deep it may nest before collections stay empty
    private Object of(WireType type, int budget) {
        var raw = type.raw();
        var scalar = Scalar.of(raw);
        if (scalar != null) {
            return scalar(scalar);
        }
        if (Standard.isCollection(raw)) {
            return collection(type, budget);
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
        }
        if (type.isSealedInterface()) {
            var permits = type.permits();
            return of(permits.get(budget <= 0 ? 0 : random.nextInt(permits.size())), budget);
        }
        return record(type, budget - 1);
    }

    private Object record(WireType type, int budget) {
        var types = type.componentTypes();
        var values = new Object[types.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = of(types.get(i), budget);
        }
        try {
            var constructor = type.raw().getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no constructor of " + type, e);
        }
    }

    private Object collection(WireType type, int budget) {
        int size = budget <= 0 ? 0 : random.nextInt(4);
        var first = type.arguments().getFirst();
        var elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.add(of(first, budget - 1));
        }
        if (type.raw() == List.class) {
            return elements;
        }
        if (type.raw() == Set.class) {
            return new LinkedHashSet<>(elements);
        }
        if (type.raw() == Optional.class) {
            return elements.stream().findFirst();
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (var key : elements) {
            map.put(key, of(type.arguments().get(1), budget - 1));
        }
        return map;
    }

    private Object scalar(Scalar scalar) {
        long bits = random.nextLong() >> random.nextInt(64);
        return switch (scalar) {
            case BOOLEAN -> random.nextBoolean();
            case BYTE -> (byte) bits;
            case SHORT -> (short) bits;
            case CHAR -> (char) bits;
            case INT -> (int) bits;
            case LONG -> bits;
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case STRING -> Seeded.text(random);
            case BYTES -> Seeded.text(random).getBytes(StandardCharsets.UTF_8);
            case BUFFER -> ByteBuffer.wrap(Seeded.text(random).getBytes(StandardCharsets.UTF_8));
            case DURATION -> Duration.ofSeconds(bits, random.nextInt(1_000_000_000));
            case INSTANT -> Instant.ofEpochSecond(bits >> 12, random.nextInt(1_000_000_000));
            case UUID -> new UUID(random.nextLong(), random.nextLong());
            case ADDRESS -> Seeded.address(random);
            case PROC -> Seeded.port(random).proc();
            case ACTOR -> Seeded.port(random).actor();
            case PORT -> Seeded.port(random);
        };
    }
}
