package io.hyperactor.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Types whose codecs are fuzzed: between them they have everything that a codec is derived for.
final class FuzzedMessages {
    private FuzzedMessages() {}

    enum Color {
        RED,
        GREEN,
        BLUE
    }

    record Primitives(boolean a, byte b, short c, char d, int e, long f, float g, double h) {}

    record Boxes(Boolean a, Byte b, Short c, Character d, Integer e, Long f, Float g, Double h) {}

    record Pair<A, B>(A first, B second) {}

    record Picky(int low, int high) {
        Picky {
            if (low > high) {
                throw new IllegalArgumentException(low + " > " + high);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // byte[] has a codec
    sealed interface Command {
        record Put(String key, byte[] value, Optional<Duration> expiry) implements Command {}

        record Nothing() implements Command {}

        record Batch(List<Command> commands) implements Command {}

        record Paint(Map<Color, Set<Long>> colors, Instant at) implements Command {}

        sealed interface Query extends Command {
            record One(UUID id) implements Query {}

            record Range(Picky range) implements Query {}
        }
    }

    sealed interface Result<T> {
        record Ok<T>(T value) implements Result<T> {}

        record Failed<T>(String reason) implements Result<T> {}
    }

    record Tree(int value, List<Tree> children) {}

    record SetsWithin(Set<SetsWithin> sets) {}

    record MapsWithin(Map<String, MapsWithin> maps) {}

    sealed interface Sum {
        record Literal(long value) implements Sum {}

        record Plus(Sum left, Sum right) implements Sum {}

        record Maybe(Optional<Sum> inner) implements Sum {}
    }

    record Mixed(
            Primitives primitives,
            Boxes boxes,
            Result<Pair<Integer, String>> result,
            List<List<Optional<Pair<Color, String>>>> nested,
            Map<Pair<Long, Color>, Sum> sums) {}

    record Ids(ChannelAddress address, ProcId proc, ActorId actor, Set<PortId> ports) {}
}
