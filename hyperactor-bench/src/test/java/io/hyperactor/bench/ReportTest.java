package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/// The table and the JSON of the same results.
final class ReportTest {
    private static final Case TELL =
            Case.of(
                            "tell",
                            new Effort(10, 1, 0, 3),
                            Contender.jvm("ours", ReportTest.class),
                            Figure.RATE)
                    .against(Contender.jvm("Pekko", ReportTest.class))
                    .against(Contender.jvm("OTP", ReportTest.class))
                    .goal(new Goal.AtLeast(Figure.RATE, "Pekko", 2))
                    .goal(new Goal.AtLeast(Figure.RATE, "OTP", 5))
                    .goal(new Goal.Within(Figure.RATE, 1e6));
    private static final Table.Section SECTION =
            new Table.Section(
                    Suite.LOCAL,
                    List.of(
                            new Result(
                                    TELL,
                                    List.of(
                                            ran("ours", 21e6, 22e6, 23e6),
                                            ran("Pekko", 11e6, 10e6, 12e6),
                                            new Result.Missing("OTP", "erl is not installed")),
                                    1)));

    private static Result.Side ran(String name, double... rates) {
        return new Result.Ran(
                name,
                java.util.Arrays.stream(rates).mapToObj(v -> Round.of(Figure.RATE, v)).toList());
    }

    @Test
    void theTableHasALineForEachPeerAndForAGoalOfOurOwnAndSaysWhatIsMissing() {
        assertThat(Table.text(SECTION).lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "local",
                        "workload figure ours (spread) peer (spread) ratio goal",
                        "tell rate 22.0 M/s 21.0–23.0 ≤ 1.00 M/s missed",
                        "tell rate 22.0 M/s 21.0–23.0 Pekko 11.0 M/s 10.0–12.0 2.00× ≥ 2.0× met",
                        "tell rate 22.0 M/s 21.0–23.0 OTP missing ≥ 5.0× unknown",
                        "OTP missing: erl is not installed",
                        "tell: 1 of 3 turns while the machine was busy with something else");
    }

    @Test
    void columnsAreAligned() {
        List<String> lines = Table.text(SECTION).lines().skip(1).toList();
        int ours = lines.getFirst().indexOf("ours");

        assertThat(lines.subList(1, 4)).allMatch(line -> line.startsWith("22.0 M/s", ours));
    }

    @Test
    void theJsonHasEveryRoundAndNoFigureOfAMissingSide() {
        Machine machine = new Machine(Instant.EPOCH, 2, "Linux", "25", 0.5);

        String json = Report.json(machine, Options.parse("--quick"), List.of(SECTION));

        assertThat(json)
                .contains(
                        "\"at\": \"1970-01-01T00:00:00Z\"",
                        "\"quick\": true",
                        "\"disturbed\": 1,",
                        "\"rounds\": [21000000, 22000000, 23000000]",
                        "\"median\": 22000000",
                        "\"missing\": \"erl is not installed\"",
                        "\"ratio\": 2,",
                        "\"verdict\": \"unknown\"")
                .endsWith("}\n");
        assertThat(json.split("\"figures\"", -1)).hasSize(3);
    }

    @Test
    void jsonEscapesWhatItMust() {
        assertThat(Json.text(Json.object("a\"b", List.of("x\\y\n", true, -0.5), "c", List.of())))
                .isEqualTo(
                        """
                        {
                          "a\\"b": [
                            "x\\\\y\\n",
                            true,
                            -0.5
                          ],
                          "c": []
                        }\
                        """);
        assertThat(Json.text("\u0001")).isEqualTo("\"\\u0001\"");
    }

    @Test
    void jsonHasNoInfinity() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.text(1.0 / 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.text(new Object()));
    }
}
