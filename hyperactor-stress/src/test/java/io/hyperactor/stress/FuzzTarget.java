package io.hyperactor.stress;

import io.hyperactor.EnvelopeFuzz;
import io.hyperactor.channel.AnswersFuzz;
import io.hyperactor.channel.FrameSplitterFuzz;
import io.hyperactor.channel.GreetingFuzz;
import io.hyperactor.host.ProtocolFuzz;
import io.hyperactor.wire.AddressFuzz;
import io.hyperactor.wire.CodecFuzz;
import io.hyperactor.wire.IdFuzz;

import java.util.function.Consumer;

/// Everything that makes sense of bytes or texts from outside.
enum FuzzTarget {
    ADDRESS(AddressFuzz.class, AddressFuzz::fuzzerTestOneInput),
    ID(IdFuzz.class, IdFuzz::fuzzerTestOneInput),
    CODEC(CodecFuzz.class, CodecFuzz::fuzzerTestOneInput),
    FRAMES(FrameSplitterFuzz.class, FrameSplitterFuzz::fuzzerTestOneInput),
    GREETING(GreetingFuzz.class, GreetingFuzz::fuzzerTestOneInput),
    ANSWERS(AnswersFuzz.class, AnswersFuzz::fuzzerTestOneInput),
    ENVELOPE(EnvelopeFuzz.class, EnvelopeFuzz::fuzzerTestOneInput),
    PROTOCOL(ProtocolFuzz.class, ProtocolFuzz::fuzzerTestOneInput);

    private final Class<?> type;

    @SuppressWarnings("ImmutableEnumChecker") // a method
    private final Consumer<byte[]> input;

    FuzzTarget(Class<?> type, Consumer<byte[]> input) {
        this.type = type;
        this.input = input;
    }

    Class<?> type() {
        return type;
    }

    /// Tries one input, as the fuzzer would.
    void accept(byte[] bytes) {
        input.accept(bytes);
    }

    /// Its folder of inputs, below `corpus` in the test resources.
    String corpus() {
        return type.getSimpleName();
    }
}
