package io.hyperactor.bench;

import static io.hyperactor.bench.Result.Verdict.MET;
import static io.hyperactor.bench.Result.Verdict.MISSED;
import static io.hyperactor.bench.Result.Verdict.UNKNOWN;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

final class ResultTest {
    private static final Goal TWICE = new Goal.AtLeast(Figure.RATE, "peer", 2);
    private static final Goal HALF = new Goal.AtMost(Figure.P50, "peer", 0.5);
    private static final Goal FAST = new Goal.Within(Figure.P50, 10_000);

    private static Result.Side ran(String name, Figure figure, double... values) {
        return new Result.Ran(
                name, Arrays.stream(values).mapToObj(v -> Round.of(figure, v)).toList());
    }

    private static Result result(Result.Side... sides) {
        Case of =
                Case.of(
                        "case",
                        Effort.usual(1),
                        Contender.jvm("ours", ResultTest.class),
                        Figure.RATE);
        return new Result(of, List.of(sides), 0, 1);
    }

    @Test
    void moreIsBetterForARate() {
        Result.Side peer = ran("peer", Figure.RATE, 100);

        assertThat(result(ran("ours", Figure.RATE, 200), peer).verdict(TWICE)).isEqualTo(MET);
        assertThat(result(ran("ours", Figure.RATE, 199), peer).verdict(TWICE)).isEqualTo(MISSED);
    }

    @Test
    void lessIsBetterForATime() {
        Result.Side peer = ran("peer", Figure.P50, 100);

        assertThat(result(ran("ours", Figure.P50, 50), peer).verdict(HALF)).isEqualTo(MET);
        assertThat(result(ran("ours", Figure.P50, 51), peer).verdict(HALF)).isEqualTo(MISSED);
    }

    @Test
    void aGoalWithoutAPeerIsAboutOursAlone() {
        Result.Side gone = new Result.Missing("peer", "not installed");

        assertThat(result(ran("ours", Figure.P50, 10_000), gone).verdict(FAST)).isEqualTo(MET);
        assertThat(result(ran("ours", Figure.P50, 10_001), gone).verdict(FAST)).isEqualTo(MISSED);
    }

    @Test
    void aMissingSideLeavesTheGoalOpen() {
        Result.Side gone = new Result.Missing("peer", "not installed");
        Result.Side failed = new Result.Missing("ours", "ended");
        Result.Side peer = ran("peer", Figure.RATE, 100);

        assertThat(result(ran("ours", Figure.RATE, 9e9), gone).verdict(TWICE)).isEqualTo(UNKNOWN);
        assertThat(result(failed, peer).verdict(TWICE)).isEqualTo(UNKNOWN);
        assertThat(result(failed, peer).verdict(FAST)).isEqualTo(UNKNOWN);
        assertThat(result(failed, peer).ratio(peer, Figure.RATE)).isEmpty();
    }

    @Test
    void whatMustNeverBeIsLookedForInAllRounds() {
        Result result = result(ran("ours", Figure.MAX, 10, 20, 260));

        assertThat(result.verdict(new Goal.Within(Figure.MAX, 250))).isEqualTo(MET);
        assertThat(result.verdict(new Goal.Never(Figure.MAX, 250))).isEqualTo(MISSED);
        assertThat(result.verdict(new Goal.Never(Figure.MAX, 260))).isEqualTo(MET);
    }

    @Test
    void percentilesAreOfAllSamplesWhereTheyAreKept() {
        long[] fast = LongStream.rangeClosed(1, 100).toArray();
        long[] slow = LongStream.rangeClosed(101, 200).toArray();
        Result.Side side =
                new Result.Ran("ours", List.of(Statistics.few(fast), Statistics.few(slow)));

        assertThat(Result.statistics(side, Figure.P99)).contains(new Statistics(198, 99, 199));
        assertThat(Result.statistics(side, Figure.P50)).contains(new Statistics(100, 50, 150));
    }

    @Test
    void aRatioIsTakenTurnByTurn() {
        Result.Side peer = ran("peer", Figure.RATE, 100, 10, 1000);
        Result result = result(ran("ours", Figure.RATE, 200, 30, 1000), peer);

        assertThat(result.ratio(peer, Figure.RATE)).contains(new Statistics(2, 1, 3));
    }

    @Test
    void thereIsNoRatioToNothing() {
        Result.Side peer = ran("peer", Figure.SHARE, 1, 0);

        assertThat(result(ran("ours", Figure.SHARE, 0, 0), peer).ratio(peer, Figure.SHARE))
                .isEmpty();
    }

    @Test
    void theMarginSaysHowManyTimesBetterThanWantedItIs() {
        Result rate = result(ran("ours", Figure.RATE, 300), ran("peer", Figure.RATE, 100));
        Result time = result(ran("ours", Figure.P50, 20), ran("peer", Figure.P50, 10));

        assertThat(rate.margin(TWICE)).contains(1.5);
        assertThat(time.margin(HALF)).contains(0.25);
        assertThat(time.margin(FAST)).contains(500.0);
    }

    @Test
    void aFigureThatOneRoundDidNotTellHasNoStatistics() {
        Result.Side side =
                new Result.Ran("ours", List.of(Round.of(Figure.RATE, 1), Round.of(Figure.P50, 2)));

        assertThat(Result.statistics(side, Figure.RATE)).isEmpty();
    }
}
