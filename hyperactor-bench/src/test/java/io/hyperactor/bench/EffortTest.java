package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class EffortTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Effort bounded = new Effort(1_000_000, 2, 4, 5).bounded(SECOND);

    @Test
    void theFirstRoundIsShortAsNobodyKnowsWhoIsSlow() {
        assertThat(bounded.first()).isEqualTo(10_000);
        assertThat(new Effort(10, 1, 1, 1).bounded().first()).isEqualTo(1);
    }

    @Test
    void whoIsSlowDoesWhatFitsIntoARound() {
        assertThat(bounded.next(50_000, Duration.ofSeconds(2))).isEqualTo(25_000);
        assertThat(bounded.next(25_000, Duration.ofMillis(500))).isEqualTo(50_000);
    }

    @Test
    void whoIsFastDoesNoMoreThanWasAskedFor() {
        assertThat(bounded.next(50_000, Duration.ofMillis(1))).isEqualTo(1_000_000);
        assertThat(bounded.next(50_000, Duration.ZERO)).isEqualTo(1_000_000);
    }

    @Test
    void oneRoundThatWasHeldUpDoesNotLeaveNothing() {
        assertThat(bounded.next(50_000, Duration.ofHours(1))).isEqualTo(5_000);
        assertThat(new Effort(10, 1, 1, 1).bounded().next(1, Duration.ofHours(1))).isEqualTo(1);
    }

    @Test
    void withoutABoundItIsAlwaysAsMuch() {
        Effort fixed = new Effort(10, 1, 0, 3);

        assertThat(fixed.first()).isEqualTo(10);
        assertThat(fixed.next(10, Duration.ofHours(1))).isEqualTo(10);
    }

    @Test
    void aBoundNeedsARoundToFindOut() {
        Effort cold = new Effort(10, 1, 0, 3);

        assertThatIllegalArgumentException().isThrownBy(cold::bounded);
    }

    @Test
    void moreLaunchesAreMoreTurns() {
        assertThat(bounded.launched(5)).isEqualTo(new Effort(1_000_000, 5, 4, 5).bounded(SECOND));
        assertThat(bounded.launched(5).turns()).isEqualTo(25);
        assertThat(bounded.launched(5).quick()).isEqualTo(bounded.quick());
    }

    @Test
    void quickMeansLittleOfEverything() {
        assertThat(new Effort(1000, 2, 4, 3).quick()).isEqualTo(new Effort(50, 1, 1, 2));
        assertThat(new Effort(1, 5, 0, 1).quick()).isEqualTo(new Effort(1, 1, 0, 1));
        assertThat(bounded.quick())
                .isEqualTo(new Effort(50_000, 1, 1, 2).bounded(Duration.ofMillis(100)));
    }
}
