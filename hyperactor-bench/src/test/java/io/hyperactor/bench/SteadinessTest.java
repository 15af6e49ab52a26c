package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class SteadinessTest {
    private final Steadiness steadiness = new Steadiness();

    private void ran(int... operations) {
        for (int each : operations) {
            steadiness.ran(each, Duration.ofSeconds(1));
        }
    }

    @Test
    void whoGetsFasterAllTheTimeHasNotWarmedUp() {
        ran(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110);

        assertThat(steadiness.isReached()).isFalse();
    }

    @Test
    void whoHasNotBeenFasterForSomeRoundsHas() {
        ran(10, 20, 90, 100, 102, 80, 104, 90, 91, 100, 104);
        assertThat(steadiness.isReached()).isFalse();

        ran(99);
        assertThat(steadiness.isReached()).isTrue();
    }

    @Test
    void manySmallStepsAreOneThatIsClear() {
        ran(100, 102, 104, 106, 108, 110, 112, 111, 110, 109);

        assertThat(steadiness.isReached()).isFalse();
    }

    @Test
    void whatCountsIsTheRateAndNotHowMuchWasDone() {
        for (int i = 1; i <= 9; i++) {
            steadiness.ran(1000 * i, Duration.ofSeconds(i));
        }

        assertThat(steadiness.isReached()).isTrue();
    }
}
