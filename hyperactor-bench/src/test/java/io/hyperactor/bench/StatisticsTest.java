package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

final class StatisticsTest {
    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(Statistics.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Statistics(4, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(Statistics.of(List.of(8.0, 1.0, 2.0, 4.0))).isEqualTo(new Statistics(3, 1, 8));
    }

    @Test
    void nothingHasNoMedian() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.of(List.of()));
    }

    @Test
    void aPercentileIsOneOfTheValues() {
        long[] sorted = LongStream.rangeClosed(1, 200).toArray();

        assertThat(Statistics.percentile(sorted, 0.50)).isEqualTo(100);
        assertThat(Statistics.percentile(sorted, 0.99)).isEqualTo(198);
        assertThat(Statistics.percentile(sorted, 1)).isEqualTo(200);
        assertThat(Statistics.percentile(sorted, 0)).isEqualTo(1);
        assertThat(Statistics.percentile(new long[] {7}, 0.99)).isEqualTo(7);
    }

    @Test
    void latenciesNeedNotBeSorted() {
        assertThat(Statistics.latencies(new long[] {30, 10, 20}).figures())
                .isEqualTo(
                        Map.of(
                                Figure.P50, 20.0,
                                Figure.P99, 30.0,
                                Figure.P999, 30.0,
                                Figure.MAX, 30.0));
    }
}
