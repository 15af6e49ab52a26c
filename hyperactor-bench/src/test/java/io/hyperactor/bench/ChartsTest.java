package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

final class ChartsTest {
    @TempDir Path folder;

    private static Result result(Case of, double... ours) {
        List<Result.Side> sides = new ArrayList<>();
        for (Contender contender : of.contenders()) {
            sides.add(
                    new Result.Ran(
                            contender.name(),
                            DoubleStream.of(ours)
                                    .mapToObj(v -> Round.of(of.shown().getFirst(), v))
                                    .toList()));
        }
        return new Result(of, sides, 0, 1);
    }

    private static Case of(String name, Figure figure) {
        return Case.of(
                        name,
                        new Effort(1, 1, 0, 2),
                        Contender.jvm("ours", ChartsTest.class),
                        figure)
                .against(Contender.jvm("a < b & c", ChartsTest.class))
                .goal(new Goal.AtLeast(figure, "a < b & c", 2));
    }

    private static List<Section> sections() {
        List<Result> results = new ArrayList<>();
        results.add(result(of("tell", Figure.RATE), 1e6, 3e6));
        for (int size = 16; size <= 1 << 20; size *= 16) {
            results.add(
                    result(
                            of(size + " B", Figure.THROUGHPUT).at(Case.Line.SIZES, size),
                            size * 1e6,
                            size * 2e6));
        }
        return List.of(new Section(Suite.LOCAL, results));
    }

    private Map<String, String> drawn(String name) throws IOException {
        Path into = folder.resolve(name);
        Charts.draw(into, sections());
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(into)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }

    @Test
    void whatThereIsIsDrawn() throws IOException {
        assertThat(drawn("once")).containsOnlyKeys("goals.svg", "local.svg", "sizes.svg");
    }

    @Test
    void everyFileIsXmlWithoutAScript() throws Exception {
        for (String svg : drawn("once").values()) {
            var document =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
            assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
            assertThat(document.getElementsByTagName("script").getLength()).isZero();
            assertThat(svg)
                    .doesNotContain("NaN")
                    .doesNotContain("Infinity")
                    .contains("prefers-color-scheme: dark");
        }
    }

    @Test
    void theSameFiguresGiveTheSameBytes() throws IOException {
        assertThat(drawn("once")).isEqualTo(drawn("again"));
    }

    @Test
    void farFromAGoalTheAxisStillHasNumbers() {
        Case far =
                Case.of(
                                "tell",
                                new Effort(1, 1, 0, 2),
                                Contender.jvm("ours", ChartsTest.class),
                                Figure.RATE)
                        .against(Contender.jvm("peer", ChartsTest.class))
                        .goal(new Goal.AtLeast(Figure.RATE, "peer", 500));

        String svg = GoalsChart.draw(List.of(new Section(Suite.LOCAL, List.of(result(far, 1e6)))));

        assertThat(svg).contains(">0.001<", ">0.01<", ">0.1<", ">1<", ">10<");
    }

    @Test
    void whatMustNeverBeIsLabelledWithTheHighestAsIsDrawn() {
        Case of =
                Case.of(
                                "wait",
                                new Effort(1, 1, 0, 3),
                                Contender.jvm("ours", ChartsTest.class),
                                Figure.MAX)
                        .goal(new Goal.Within(Figure.MAX, 5e6))
                        .goal(new Goal.Never(Figure.MAX, 10e6));

        String svg =
                GoalsChart.draw(
                        List.of(new Section(Suite.LOAD, List.of(result(of, 1e6, 2e6, 20e6)))));

        assertThat(svg).contains("2.00 ms, goal ≤ 5.00 ms", "at most 20.0 ms, goal never");
    }

    @Test
    void aLogarithmicAxisHasEqualSteps() {
        Scale scale = Scale.decades(DoubleStream.of(3, 700), 100, 400);

        assertThat(scale.ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
        assertThat(scale.ticks().stream().map(scale::at))
                .containsExactly(100.0, 200.0, 300.0, 400.0);
        assertThat(scale.at(1e9)).isEqualTo(400);
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(0, 1, 0, 1));
    }
}
