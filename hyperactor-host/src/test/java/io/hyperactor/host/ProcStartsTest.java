package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Of flags that say the same, a JVM follows the last one.
class ProcStartsTest {
    private static final String PROVIDER = "-Dslf4j.provider=";
    private static final JavaCommand CHILD = JavaCommand.of(EchoProc.class);

    private static List<String> providers(JavaCommand java) {
        return ProcStarts.logging(java).command().stream()
                .filter(flag -> flag.startsWith(PROVIDER))
                .toList();
    }

    @Test
    void aChildLogsToItsHost() {
        assertThat(providers(CHILD)).containsExactly(PROVIDER + StderrLogs.class.getName());
    }

    @Test
    void theUsersOwnLogBackendWins() {
        assertThat(providers(CHILD.withFlags(PROVIDER + "mine")))
                .last()
                .isEqualTo(PROVIDER + "mine");
        assertThat(providers(CHILD.withProperty("slf4j.provider", "mine")))
                .last()
                .isEqualTo(PROVIDER + "mine");
    }
}
