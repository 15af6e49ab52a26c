package io.hyperactor.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Message types that the tests share.
final class Protocols {

    private Protocols() {}

    sealed interface Counter {
        record Add(long amount, String note) implements Counter {}

        record Reset() implements Counter {}

        record Get(PortId replyTo) implements Counter {}
    }

    enum Color {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "a constant with a class of its own";
            }
        }
    }

    record Primitives(boolean a, byte b, short c, char d, int e, long f, float g, double h) {}

    record Boxes(Boolean a, Byte b, Short c, Character d, Integer e, Long f, Float g, Double h) {}

    /// Apart from the others, as it does not equal its copy.
    @SuppressWarnings("ArrayRecordComponent") // byte[] has a codec
    record Blob(byte[] bytes) {}

    record Values(
            String text,
            Duration duration,
            Instant instant,
            UUID uuid,
            Color color,
            ChannelAddress address,
            ProcId proc,
            ActorId actor,
            PortId port) {}

    record Collections(
            List<String> list,
            Set<Long> set,
            Map<String, List<Integer>> map,
            Optional<Color> optional,
            List<List<Optional<Pair<Integer, String>>>> nested) {}

    record Pair<A, B>(A first, B second) {}

    record Triple<T extends Comparable<T>>(T one, Pair<T, List<T>> two, Pair<String, Long> three) {}

    record Generics(
            Pair<String, Integer> pair, Triple<UUID> triple, List<? extends Shape> shapes) {}

    sealed interface Shape {
        record Circle(double radius) implements Shape {}

        sealed interface Polygon extends Shape {
            record Square(double side) implements Polygon {}

            record Triangle(double a, double b, double c) implements Polygon {}
        }
    }

    sealed interface Result<T> {
        record Ok<T>(T value) implements Result<T> {}

        record Failed<T>(String reason) implements Result<T> {}
    }

    record Tree(int value, List<Tree> children) {}

    sealed interface Expression {
        record Literal(long value) implements Expression {}

        record Sum(Expression left, Expression right) implements Expression {}

        record Maybe(Optional<Expression> inner) implements Expression {}
    }

    record Everything(
            Primitives primitives,
            Boxes boxes,
            Values values,
            Collections collections,
            Generics generics,
            Result<Pair<String, Integer>> result,
            Tree tree,
            Map<Color, Expression> expressions) {}
}
