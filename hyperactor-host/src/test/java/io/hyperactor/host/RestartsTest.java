package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.host.Restarts.Decision;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class RestartsTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    private static final Optional<ProcExit> CLEAN = Optional.of(new ProcExit.Exited(0));
    private static final Optional<ProcExit> CRASH = Optional.of(new ProcExit.Signalled(9, false));

    private static boolean restarts(RestartPolicy policy, Optional<ProcExit> exit) {
        return Restarts.none(policy).after(exit, 0, 0, 0) instanceof Decision.Restart;
    }

    @Test
    void whichEndsLeadToARestartIsThePolicys() {
        assertThat(restarts(RestartPolicy.PERMANENT, CLEAN)).isTrue();
        assertThat(restarts(RestartPolicy.PERMANENT, CRASH)).isTrue();
        assertThat(restarts(RestartPolicy.TRANSIENT, CLEAN)).isFalse();
        assertThat(restarts(RestartPolicy.TRANSIENT, CRASH)).isTrue();
        assertThat(restarts(RestartPolicy.TRANSIENT, Optional.empty())).isTrue();
        assertThat(restarts(RestartPolicy.TEMPORARY, CRASH)).isFalse();
    }

    /// The pauses in milliseconds after so many ends, each of a life of `lived`.
    private static List<Long> pauses(RestartPolicy policy, int ends, long lived, double random) {
        List<Long> pauses = new ArrayList<>();
        Restarts restarts = Restarts.none(policy);
        for (int i = 0; i < ends; i++) {
            Decision decision = restarts.after(CRASH, i * 1000 * SECOND, lived, random);
            assertThat(decision).isInstanceOf(Decision.Restart.class);
            Decision.Restart restart = (Decision.Restart) decision;
            restarts = restart.after();
            pauses.add(restart.pauseNanos() / MILLI);
        }
        assertThat(restarts.total()).isEqualTo(ends);
        return pauses;
    }

    @Test
    void thePausesDoubleUpToTheLongest() {
        RestartPolicy policy =
                RestartPolicy.PERMANENT.withPauses(Duration.ofMillis(100), Duration.ofMillis(1000));
        assertThat(pauses(policy, 6, 0, 0)).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
        assertThat(pauses(policy, 100, 0, 0).getLast()).isEqualTo(1000);
    }

    @Test
    void afterALongLifeThePausesBeginAnew() {
        RestartPolicy policy = RestartPolicy.PERMANENT.withSteadyAfter(Duration.ofSeconds(5));
        assertThat(pauses(policy, 3, 5 * SECOND, 0)).containsExactly(100L, 100L, 100L);
        assertThat(pauses(policy, 3, 5 * SECOND - 1, 0)).containsExactly(100L, 200L, 400L);
    }

    @Test
    void jitterOnlyShortens() {
        RestartPolicy policy = RestartPolicy.PERMANENT.withJitter(0.5);
        assertThat(pauses(policy, 2, 0, 0.5)).containsExactly(75L, 150L);
        assertThat(pauses(policy, 2, 0, 0.999999)).containsExactly(50L, 100L);
    }

    @Test
    void theBudgetCountsOnlyThePeriod() {
        RestartPolicy policy = RestartPolicy.PERMANENT.withBudget(2, Duration.ofSeconds(10));
        Restarts restarts = Restarts.none(policy);
        for (long at : List.of(0L, 9 * SECOND)) {
            restarts = ((Decision.Restart) restarts.after(CRASH, at, 0, 0)).after();
        }
        assertThat(restarts.after(CRASH, 10 * SECOND - 1, 0, 0))
                .isInstanceOfSatisfying(
                        Decision.GiveUp.class,
                        gaveUp -> assertThat(gaveUp.why()).contains("2 restarts within 10 s"));
        assertThat(restarts.after(CRASH, 10 * SECOND, 0, 0)).isInstanceOf(Decision.Restart.class);
    }

    /// Pauses and budget go together.
    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void whatEndsAtOnceIsGivenUpByDefault(double random) {
        Restarts restarts = Restarts.none(RestartPolicy.PERMANENT);
        long now = 0;
        for (int i = 0; i < 10; i++) {
            Decision.Restart restart = (Decision.Restart) restarts.after(CRASH, now, 0, random);
            restarts = restart.after();
            now += restart.pauseNanos();
        }
        assertThat(now / SECOND).isBetween(64L, 82L);
        assertThat(restarts.after(CRASH, now, 0, random)).isInstanceOf(Decision.GiveUp.class);
    }

    @Test
    void aPolicyThatMakesNoSenseIsRefused() {
        RestartPolicy policy = RestartPolicy.PERMANENT;
        assertThatThrownBy(() -> policy.withPauses(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxPause");
        assertThatThrownBy(() -> policy.withJitter(1.1)).hasMessageContaining("jitter");
        assertThatThrownBy(() -> policy.withBudget(-1, Duration.ZERO))
                .hasMessageContaining("maxRestarts");
    }
}
