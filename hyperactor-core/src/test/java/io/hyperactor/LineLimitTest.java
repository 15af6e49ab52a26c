package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LineLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long BEGIN = 1000;

    @Test
    void oneLineASecondPassesAndSaysHowManyDidNot() {
        LineLimit limit = new LineLimit(BEGIN);
        assertThat(limit.ask(BEGIN)).isZero();
        assertThat(limit.ask(BEGIN)).isEqualTo(-1);
        assertThat(limit.ask(BEGIN + SECOND - 1)).isEqualTo(-1);
        assertThat(limit.ask(BEGIN + SECOND)).isEqualTo(2);
        assertThat(limit.ask(BEGIN + 5 * SECOND)).isZero();
    }

    @Test
    void kindsDoNotSuppressEachOther() {
        LineLimit one = new LineLimit(BEGIN);
        LineLimit other = new LineLimit(BEGIN);
        assertThat(one.ask(BEGIN)).isZero();
        assertThat(other.ask(BEGIN)).isZero();
    }
}
