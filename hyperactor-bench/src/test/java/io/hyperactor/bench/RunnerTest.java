package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

final class RunnerTest {
    @Test
    void aContenderThatIsNotThereIsReportedAsMissing() throws Exception {
        Contender ours = new Contender("ours", () -> List.of("/no/such/program"));
        Contender peer =
                new Contender(
                        "peer",
                        () -> {
                            throw new Unavailable("erl is not installed");
                        });

        Result result =
                Runner.run(
                        Case.of("case", Effort.usual(1), ours, Figure.RATE).against(peer),
                        new Quiet(new ProcStat(), Duration.ZERO));

        assertThat(result.ours())
                .isInstanceOfSatisfying(
                        Result.Missing.class,
                        missing -> assertThat(missing.reason()).contains("/no/such/program"));
        assertThat(result.peers())
                .containsExactly(new Result.Missing("peer", "erl is not installed"));
        assertThat(new Table.Section(Suite.LOCAL, List.of(result)).oursFailed()).isTrue();
    }

    @Test
    void quickMeansLittleOfEverything() {
        assertThat(new Effort(1000, 2, 4, 3).quick()).isEqualTo(new Effort(50, 1, 1, 2));
        assertThat(new Effort(1, 5, 0, 1).quick()).isEqualTo(new Effort(1, 1, 0, 1));
    }
}
