package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LineLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long BEGIN = -SECOND; // a clock may begin anywhere

    private final LineLimit limit = new LineLimit();

    @Test
    void oneLineASecondPassesAndSaysHowManyDidNot() {
        assertThat(limit.ask("a", BEGIN)).isEmpty();
        assertThat(limit.ask("a", BEGIN)).isNull();
        assertThat(limit.ask("a", BEGIN + SECOND - 1)).isNull();
        assertThat(limit.ask("a", BEGIN + SECOND)).isEqualTo(" (2 more like this were not logged)");
        assertThat(limit.ask("a", BEGIN + 5 * SECOND)).isEmpty();
    }

    @Test
    void kindsDoNotSuppressEachOther() {
        assertThat(limit.ask("a", BEGIN)).isEmpty();
        assertThat(limit.ask("b", BEGIN)).isEmpty();
        assertThat(limit.ask("a", BEGIN)).isNull();
    }
}
