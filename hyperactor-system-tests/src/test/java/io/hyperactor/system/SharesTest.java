package io.hyperactor.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The measure of fairness is measured.
final class SharesTest {
    private static final int STRETCH = 100;

    private static int[] inTurn(int messages) {
        return IntStream.range(0, messages).map(i -> i % 2).toArray();
    }

    private static int[] of(int stream, int messages) {
        int[] all = new int[messages];
        Arrays.fill(all, stream);
        return all;
    }

    private static long worst(int[]... parts) {
        return Shares.worst(
                Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray(), 2, STRETCH);
    }

    @Test
    void whoTakesTurnsHasEqualShares() {
        assertThat(worst(inTurn(1000))).isEqualTo(1);
        assertThat(worst(inTurn(10))).isEqualTo(1);
    }

    @Test
    void theWorstOfAllStretchesCounts() {
        int[] crowd = inTurn(20);
        assertThat(worst(inTurn(301), of(0, 80), crowd, inTurn(300))).isEqualTo(90 / 10);
    }

    @Test
    void whoHasNotBegunOrHasEndedHasNoShare() {
        assertThat(worst(of(0, 500), inTurn(1000), of(1, 500))).isEqualTo(1);
    }

    @Test
    void whoSendsAfterAnotherHasEndedWasNotServed() {
        assertThat(worst(of(0, 500), of(1, 500))).isEqualTo(1000);
        assertThat(worst(of(0, 1000))).isEqualTo(1000);
    }
}
