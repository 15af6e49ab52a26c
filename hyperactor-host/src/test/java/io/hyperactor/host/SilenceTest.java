package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.Silence.Change;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class SilenceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Liveness PATIENT =
            Liveness.DEFAULT.withTimes(Duration.ofSeconds(1), Duration.ofSeconds(5));
    private static final Liveness DEADLY = PATIENT.withKillAfter(Duration.ofSeconds(8));

    @Test
    void aSilentProcIsSuspectedOnceAndNeverKilledWithoutATimeForThat() {
        Silence silence = Silence.from(PATIENT, 0);
        assertThat(silence.at(5 * SECOND - 1).change()).isEqualTo(Change.NONE);
        Silence.Step suspected = silence.at(5 * SECOND);
        assertThat(suspected.change()).isEqualTo(Change.SUSPECTED);
        assertThat(suspected.next().at(1_000_000 * SECOND).change()).isEqualTo(Change.NONE);
        assertThat(suspected.next().untilChange(6 * SECOND)).isEmpty();
    }

    @Test
    void anAnswerEndsTheSuspicionAndBeginsTheTimeAnew() {
        Silence suspected = Silence.from(PATIENT, 0).at(7 * SECOND).next();
        Silence.Step heard = suspected.heard(9 * SECOND);
        assertThat(heard.change()).isEqualTo(Change.RECOVERED);
        assertThat(heard.next().untilChange(10 * SECOND)).contains(4 * SECOND);
        assertThat(heard.next().heard(10 * SECOND).change()).isEqualTo(Change.NONE);
    }

    @Test
    void afterTheTimeToKillItIsTooLateForAnAnswer() {
        Silence suspected = Silence.from(DEADLY, 0).at(5 * SECOND).next();
        assertThat(suspected.untilChange(6 * SECOND)).contains(2 * SECOND);
        Silence.Step fatal = suspected.at(8 * SECOND);
        assertThat(fatal.change()).isEqualTo(Change.FATAL);
        assertThat(fatal.next().heard(9 * SECOND).change()).isEqualTo(Change.NONE);
        assertThat(fatal.next().at(99 * SECOND).change()).isEqualTo(Change.NONE);
    }
}
