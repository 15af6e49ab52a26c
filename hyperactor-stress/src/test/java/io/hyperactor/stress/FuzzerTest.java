package io.hyperactor.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// Does it find what is there?
final class FuzzerTest {
    /// Found after a few hundred thousand.
    private static final long RUNS = 20_000_000;

    @Test
    void aPlantedBugIsFound() throws Exception {
        var outcome =
                new Fuzzer(PlantedDecoderFuzz.class).run(Duration.ofMinutes(10), RUNS, List.of());

        assertThat(outcome.findings()).as("see %s", outcome.log()).hasSize(1);
        byte[] found = Corpus.read(outcome.findings().getFirst());
        assertThatThrownBy(() -> PlantedDecoderFuzz.fuzzerTestOneInput(found))
                .isInstanceOf(AssertionError.class);
    }
}
