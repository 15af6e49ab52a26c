package io.hyperactor.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/// Every input that is kept, once, and a little noise around it: no fuzzer is needed for that.
final class CorpusTest {
    /// Of one input and what is made from it. Generous: only hostile ones come near to it.
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int VARIANTS = 50;

    @TestFactory
    Stream<DynamicTest> everyInputThatIsKeptHoldsAndSoDoVariantsOfIt() {
        return Arrays.stream(FuzzTarget.values())
                .flatMap(target ->
                        Corpus.files(target).stream()
                                .map(file ->
                                        dynamicTest(
                                                target.corpus() + " " + file.getFileName(),
                                                () -> check(target, Corpus.read(file)))));
    }

    private static void check(FuzzTarget target, byte[] input) {
        long start = System.nanoTime();
        target.accept(input);
        long seed = start;
        Random random = new Random(seed);
        for (int i = 0; i < VARIANTS && input.length > 0; i++) {
            byte[] variant = Arrays.copyOf(input, 1 + random.nextInt(input.length));
            variant[random.nextInt(variant.length)] = (byte) random.nextInt(256);
            try {
                target.accept(variant);
            } catch (Throwable t) {
                throw new AssertionError("variant " + i + " of seed " + seed, t);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
    }
}
