package io.hyperactor.stress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Really fuzzes, each target for `-Dfuzz.seconds=…`; `-Dfuzz.target=…` picks one.
@Tag("fuzz")
final class FuzzingTest {
    private static final long UNLIMITED = -1;

    static List<FuzzTarget> targets() {
        String only = System.getProperty("fuzz.target", "");
        return Arrays.stream(FuzzTarget.values())
                .filter(target -> only.isEmpty() || target.corpus().equals(only))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void nothingIsFound(FuzzTarget target) throws Exception {
        var time = Duration.ofSeconds(Long.getLong("fuzz.seconds", 60));
        var outcome = new Fuzzer(target.type()).run(time, UNLIMITED, List.of(Corpus.of(target)));

        assertThat(outcome.findings())
                .as("see %s; to be kept in %s", outcome.log(), Corpus.of(target))
                .isEmpty();
    }
}
