package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChildClassPathTest {
    @Test
    void itHasOurModulesAndTheLoggingApiAndNothingElse() {
        assertThat(ChildClassPath.entries())
                .hasSize(6)
                .allMatch(path ->
                        path.toString().contains("hyperactor-")
                                || path.toString().contains("slf4j-api"))
                .doesNotHaveDuplicates();
        assertThat(ChildClassPath.entries().getLast().getFileName().toString())
                .startsWith("slf4j-api-");
    }
}
