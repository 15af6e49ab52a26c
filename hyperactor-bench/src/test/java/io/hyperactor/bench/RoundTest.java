package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

final class RoundTest {
    @Test
    void whatAContenderWritesIsReadBack() {
        Round round = new Round(Map.of(Figure.P99, 12.5, Figure.P50, 3.0e7));

        assertThat(round.text()).isEqualTo("p50=3.0E7 p99=12.5");
        assertThat(Round.parse(round.text())).isEqualTo(round);
    }

    @Test
    void samplesAreReadBackToo() {
        Round round = new Round(Map.of(Figure.MAX, 3.0), List.of(1.5, 3.0));

        assertThat(round.text()).isEqualTo("max=3.0 samples=1.5,3.0");
        assertThat(Round.parse(round.text())).isEqualTo(round);
    }

    @Test
    void cPrintsNumbersInAnotherWay() {
        assertThat(Round.parse(" p50=3700.0  max=5.1e+03 "))
                .isEqualTo(new Round(Map.of(Figure.P50, 3700.0, Figure.MAX, 5100.0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "p50", "p51=3", "p50=three", "p50=3 oops"})
    void anythingElseIsNoResult(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Round.parse(text));
    }

    @Test
    void ratesAreBySecondAndTimesByOperation() {
        assertThat(Round.rate(1000, 500_000_000).figures()).containsEntry(Figure.RATE, 2000.0);
        assertThat(Round.each(1000, 500_000).figures()).containsEntry(Figure.EACH, 500.0);
        assertThat(Round.stream(1000, 64, 500_000_000).figures())
                .containsEntry(Figure.RATE, 2000.0)
                .containsEntry(Figure.THROUGHPUT, 128_000.0);
    }
}
