package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

final class TextsTest {
    private static final int MOST = Texts.MAX_CHARS + 3; // with the dots

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void whatIsTooLongIsCut(int beyond) {
        String text = "x".repeat(MOST + beyond);
        assertThat(Texts.bounded(text))
                .isEqualTo(beyond > 0 ? "x".repeat(Texts.MAX_CHARS) + "..." : text);
    }

    @Test
    void noPairIsCutInTwo() {
        String start = "x".repeat(Texts.MAX_CHARS - 1);
        assertThat(Texts.bounded(start + "\uD83D\uDE00".repeat(9))).isEqualTo(start + "...");
    }

    @Test
    void halvesOfPairsAreReplacedAndPairsStay() {
        assertThat(Texts.bounded("a\uD83Db\uDE00c\uD83D\uDE00d\uDE00\uD83D"))
                .isEqualTo("a\uFFFDb\uFFFDc\uD83D\uDE00d\uFFFD\uFFFD");
        assertThat(Texts.describe(new IllegalStateException("half \uD83D of it")))
                .isEqualTo("java.lang.IllegalStateException: half \uFFFD of it");
    }

    @Test
    void whateverItIsItCanBeEncodedAndDoingItAgainChangesNothing() {
        List<String> parts = List.of("x", "\n", "\r", ".", "\uD83D", "\uDE00", "\u20AC");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder("x".repeat(random.nextInt(MOST)));
            for (int j = random.nextInt(60); j > 0; j--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            String bounded = Texts.bounded(text.toString());
            assertThat(bounded.length()).as("seed %d", seed).isLessThanOrEqualTo(MOST);
            assertThat(Texts.bounded(bounded)).as("seed %d", seed).isEqualTo(bounded);
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(bounded))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(bounded).as("seed %d", seed).doesNotContain("\n", "\r");
        }
    }
}
