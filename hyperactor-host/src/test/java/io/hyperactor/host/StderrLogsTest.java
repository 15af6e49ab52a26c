package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class StderrLogsTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Logger log =
            new StderrLogs(Level.INFO, new PrintStream(written, true, StandardCharsets.UTF_8))
                    .getLoggerFactory()
                    .getLogger("some.Name");

    private String written() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineHasLevelNameAndFormattedText() {
        log.warn("{} of {}", 3, "four");

        assertThat(written()).isEqualTo("WARN some.Name: 3 of four" + System.lineSeparator());
    }

    @Test
    void levelsBelowTheLowestAreNotWritten() {
        log.debug("quiet");

        assertThat(log.isDebugEnabled()).isFalse();
        assertThat(written()).isEmpty();
    }

    @Test
    void keyValuePairsAndTheFailureAreOnTheLine() {
        log.atWarn().addKeyValue("proc", "p1").setCause(new IllegalStateException("why")).log("so");

        assertThat(written()).contains("proc=p1").contains("so").contains("why");
    }
}
