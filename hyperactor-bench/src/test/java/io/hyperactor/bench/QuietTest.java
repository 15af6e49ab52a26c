package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

final class QuietTest {
    private final Deque<Double> busy = new ArrayDeque<>();
    private Duration slept = Duration.ZERO;

    private Quiet withPatience(Duration patience) {
        return new Quiet(
                new Quiet.Processors() {
                    @Override
                    public double busy() {
                        return busy.pop();
                    }

                    @Override
                    public void sleep(Duration time) {
                        slept = slept.plus(time);
                    }
                },
                patience);
    }

    @Test
    void aQuietMachineIsNotWaitedFor() throws Exception {
        busy.add(0.02);

        assertThat(withPatience(Duration.ofMinutes(1)).await()).isTrue();
        assertThat(slept).isZero();
    }

    @Test
    void aBusyMachineIsWaitedFor() throws Exception {
        busy.addAll(List.of(0.9, 0.5, 0.1));

        assertThat(withPatience(Duration.ofMinutes(1)).await()).isTrue();
        assertThat(slept).isPositive().isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void patienceEnds() throws Exception {
        busy.addAll(List.of(1.0, 1.0, 1.0));
        Quiet quiet = withPatience(Duration.ofSeconds(3));

        assertThat(quiet.await()).isFalse();
        assertThat(quiet.hasPatience()).isFalse();
        assertThat(quiet.await()).isFalse();
        assertThat(busy).isEmpty();
    }

    @Test
    void noiseThatStaysAfterEachTurnEndsPatienceToo() throws Exception {
        busy.addAll(List.of(0.0, 1.0, 0.0, 1.0));
        Quiet quiet = withPatience(Duration.ofSeconds(3));

        assertThat(quiet.await()).isTrue();
        assertThat(quiet.still()).isFalse();
        assertThat(quiet.hasPatience()).isTrue();
        assertThat(quiet.await()).isTrue();
        assertThat(quiet.still()).isFalse();
        assertThat(quiet.hasPatience()).isFalse();
    }
}
