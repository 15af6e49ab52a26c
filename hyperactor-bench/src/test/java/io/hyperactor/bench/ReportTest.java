package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private static final Section SECTION =
            new Section(
                    Suite.LOCAL,
                    List.of(
                            new Result(
                                    TELL,
                                    List.of(
                                            ran("ours", 21e6, 22e6, 23e6),
                                            ran("Pekko", 11e6, 10e6, 12e6),
                                            new Result.Missing("OTP", "erl is not installed")),
                                    1,
                                    1)));

    private static final Machine MACHINE =
            new Machine(Instant.EPOCH, 2, "a processor", "Linux", Map.of("Pekko", "1.7"), 0.5);

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
                        "workload figure ours (spread) peer (spread) ratio (spread) goal",
                        "tell rate 22.0 M/s 21.0–23.0 ≤ 1.00 M/s missed",
                        "tell rate 22.0 M/s 21.0–23.0 Pekko 11.0 M/s 10.0–12.0 1.92× 1.91–2.20"
                                + " ≥ 2.0× missed",
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
        String json = Report.json(new Origins(MACHINE), true, List.of(SECTION));

        assertThat(json)
                .contains(
                        "\"at\": \"1970-01-01T00:00:00Z\"",
                        "\"quick\": true",
                        "\"disturbed\": 1,",
                        "\"rounds\": [21000000, 22000000, 23000000]",
                        "\"median\": 22000000",
                        "\"missing\": \"erl is not installed\"",
                        "\"ratio\": 1.9166666666666667,",
                        "\"Pekko\": \"1.7\"",
                        "\"verdict\": \"unknown\"")
                .endsWith("}\n");
        assertThat(json.split("\"figures\"", -1)).hasSize(3);
    }

    @Test
    void whatWasWrittenIsReadAgain() {
        String json = Report.json(new Origins(MACHINE), true, List.of(SECTION));
        Recording recording = Recording.of(json);

        assertThat(recording.machine()).isEqualTo(MACHINE);
        assertThat(recording.quick()).isTrue();
        assertThat(recording.result(Suite.LOCAL, TELL)).contains(SECTION.results().getFirst());
        assertThat(recording.result(Suite.REMOTE, TELL)).isEmpty();
    }

    @Test
    void aRunKeepsWhatWasMeasuredOfOtherCases() {
        Section before =
                new Section(
                        Suite.HOST,
                        List.of(new Result(TELL, SECTION.results().getFirst().sides(), 0, 2)));
        Machine later =
                new Machine(
                        Instant.ofEpochSecond(9), 4, "another", "Linux", Map.of("commit", "c"), 0);
        Recording first =
                Recording.of(Report.json(new Origins(MACHINE), false, List.of(SECTION, before)));
        Section again = new Section(Suite.LOCAL, List.of(two(1, 2, 3)));

        String json = Report.json(new Origins(later), false, List.of(again), Optional.of(first));

        Recording both = Recording.of(json);
        assertThat(json.split("\"suite\"", -1)).hasSize(3);
        assertThat(both.machine()).isEqualTo(later);
        assertThat(both.machine(Suite.LOCAL, TELL)).isEqualTo(later);
        assertThat(both.machine(Suite.HOST, TELL)).isEqualTo(MACHINE);
        assertThat(both.result(Suite.HOST, TELL)).contains(before.results().getFirst());
        assertThat(both.result(Suite.LOCAL, again.results().getFirst().of()))
                .contains(again.results().getFirst());
    }

    @Test
    void whatIsOfAnotherRunIsNamedWithIt() {
        Machine later = new Machine(Instant.ofEpochSecond(9), 4, "another", "Linux", Map.of(), 0);
        Origins origins = new Origins(later);
        origins.add(Suite.LOCAL, TELL, MACHINE);
        origins.add(Suite.HOST, TELL, later);

        assertThat(origins.toString())
                .isEqualTo(later + "\n\nOf another run are local: tell — " + MACHINE);
    }

    @Test
    void theMarkdownHasALineForEachRow() {
        assertThat(Table.markdown(new Origins(MACHINE), List.of(SECTION)).lines().toList())
                .contains(
                        "### Inside one process",
                        "| tell | rate | 22.0 M/s (21.0–23.0) | Pekko 11.0 M/s (10.0–12.0) | 1.92×"
                                + " (1.91–2.20) | ≥ 2.0× | missed |",
                        "- OTP missing: erl is not installed");
    }

    @Test
    void runsThatDoNotAgreeAreMarked() {
        Result first = two(21e6, 22e6, 23e6);
        Result alike = Result.together(List.of(first, two(22e6, 21e6, 22.5e6)));
        Result other = Result.together(List.of(first, two(30e6, 31e6, 32e6)));

        assertThat(new Section(Suite.LOCAL, List.of(alike)).notes()).isEmpty();
        assertThat(new Section(Suite.LOCAL, List.of(other)).notes())
                .containsExactly(
                        "tell, rate: runs differ: 22.0 M/s, 31.0 M/s",
                        "tell, rate to Pekko: runs differ: 2.20×, 3.10×");
        assertThat(Result.statistics(other.ours(), Figure.RATE))
                .contains(new Statistics(26.5e6, 21e6, 32e6));
    }

    /// A result of ours at these rates, and of Pekko's at ten.
    private static Result two(double... rates) {
        Case of =
                Case.of(
                                "tell",
                                new Effort(10, 1, 0, 3),
                                Contender.jvm("ours", ReportTest.class),
                                Figure.RATE)
                        .against(Contender.jvm("Pekko", ReportTest.class))
                        .goal(new Goal.Within(Figure.RATE, 1e9));
        return new Result(of, List.of(ran("ours", rates), ran("Pekko", 10e6, 10e6, 10e6)), 0, 1);
    }

    @Test
    void whatIsNoJsonIsNotRead() {
        for (String text : List.of("", "{", "{\"a\" 1}", "[1] 2", "nil", "\"a")) {
            assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.parse(text));
        }
        assertThat(JsonReader.parse(" {\"a\": [1, -2.5e3, true, \"x\\n\\u0041\"], \"b\": {}} "))
                .isEqualTo(Map.of("a", List.of(1.0, -2500.0, true, "x\nA"), "b", Map.of()));
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
