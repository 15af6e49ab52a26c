package io.hyperactor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Optional;

final class OptionsTest {
    @Test
    void withoutOptionsEverythingIsMeasured() {
        Options options = Options.parse();

        assertThat(options.suites()).containsExactly(Suite.values());
        assertThat(options.quick()).isFalse();
        assertThat(options.only()).isEmpty();
        assertThat(options.patience()).isZero();
        assertThat(options.runs()).isOne();
        assertThat(options.from()).isEmpty();
        assertThat(options.json()).isEmpty();
        assertThat(options.charts()).isEmpty();
    }

    @Test
    void allOptionsAreUnderstood() {
        Options options =
                Options.parse(
                        "--quick",
                        "--suite",
                        "local",
                        "--json",
                        "out.json",
                        "--case",
                        "tell",
                        "--patience",
                        "90",
                        "--runs",
                        "3",
                        "--charts",
                        "drawn",
                        "--markdown",
                        "table.md");

        assertThat(options.suites()).containsExactly(Suite.LOCAL);
        assertThat(options.quick()).isTrue();
        assertThat(options.only()).isEqualTo("tell");
        assertThat(options.patience()).hasSeconds(90);
        assertThat(options.runs()).isEqualTo(3);
        assertThat(options.json()).isEqualTo(Optional.of(Path.of("out.json")));
        assertThat(options.charts()).isEqualTo(Optional.of(Path.of("drawn")));
        assertThat(options.markdown()).isEqualTo(Optional.of(Path.of("table.md")));
    }

    @Test
    void mistakesAreExplained() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--fast"))
                .withMessage("unknown option '--fast'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--json"))
                .withMessage("--json needs a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--patience", "-1"))
                .withMessage("--patience needs a number, not '-1'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--suite", "moon"))
                .withMessageStartingWith("unknown suite 'moon', not one of local");
    }

    @Test
    void theUsageNamesEverySuite() {
        for (Suite suite : Suite.values()) {
            assertThat(Options.USAGE).contains(suite.title());
        }
    }
}
