package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

final class RunnerTest {
    @TempDir Path folder;

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
        assertThat(new Section(Suite.LOCAL, List.of(result)).oursFailed()).isTrue();
    }

    /// `sh` answers each round with how many were told before, by anybody.
    @Test
    void everySecondTurnGoesTheOtherWayRound() throws Exception {
        Path file = folder.resolve("turns");
        String script =
                "echo bench ready; while read -r line; do echo x >>"
                        + file
                        + "; echo bench rate=$(wc -l <"
                        + file
                        + "); done";
        Case of =
                Case.of("case", new Effort(1, 1, 0, 4), shell("ours", script), Figure.RATE)
                        .against(shell("peer", script));

        Result result = Runner.run(of, new Quiet(new ProcStat(), Duration.ZERO));

        assertThat(rates(result.ours())).containsExactly(2.0, 3.0, 6.0, 7.0);
        assertThat(rates(result.peers().getFirst())).containsExactly(1.0, 4.0, 5.0, 8.0);
    }

    private static Contender shell(String name, String script) {
        return new Contender(name, () -> List.of("sh", "-c", script));
    }

    private static List<Double> rates(Result.Side side) {
        return ((Result.Ran) side)
                .rounds().stream().map(round -> round.figures().get(Figure.RATE)).toList();
    }

    /// `sh` answers each round with how many operations it was told to do.
    @Test
    void howMuchIsDoneInARoundIsFoundOutWhileWarmingUp() throws Exception {
        String script = "echo bench ready; while read -r word n; do echo bench rate=$n; done";
        Effort effort = new Effort(40, 2, 1, 2);

        Result bounded =
                Runner.run(
                        Case.of(
                                "case",
                                effort.bounded(Duration.ofHours(1)),
                                shell("ours", script),
                                Figure.RATE),
                        new Quiet(new ProcStat(), Duration.ZERO));
        Result hurried =
                Runner.run(
                        Case.of(
                                "case",
                                effort.bounded(Duration.ofNanos(1)),
                                shell("ours", script),
                                Figure.RATE),
                        new Quiet(new ProcStat(), Duration.ZERO));

        assertThat(rates(bounded.ours())).containsOnly(40.0).hasSize(4);
        assertThat(rates(hurried.ours())).containsOnly(1.0).hasSize(4);
        assertThat(((Result.Ran) hurried.ours()).rounds())
                .allSatisfy(
                        round -> assertThat(round.figures()).containsEntry(Figure.OPERATIONS, 1.0));
    }

    /// `sh` answers each round after the same time.
    @Test
    void whoIsSteadyFromTheStartWarmsUpForTheRoundsThatShowIt() throws Exception {
        Path file = folder.resolve("rounds");
        String script =
                "echo bench ready; while read -r line; do echo x >>"
                        + file
                        + "; sleep 0.02; echo bench rate=1; done";
        Effort effort = new Effort(1, 1, 2, 1).bounded(Duration.ofHours(1));

        Runner.run(
                Case.of("case", effort, shell("ours", script), Figure.RATE),
                new Quiet(new ProcStat(), Duration.ZERO));

        assertThat(Files.readAllLines(file)).hasSizeBetween(10, 31);
    }
}
