package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.event.Level;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

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

    /// As a pipe that nobody reads.
    private static final class Blocked extends OutputStream {
        final CountDownLatch read = new CountDownLatch(1);
        final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            await();
            written.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            await();
            written.write(bytes, offset, length);
        }

        private void await() {
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    @Timeout(60)
    void whoLogsDoesNotStandStillWhenNobodyReadsAndWhatIsLostIsSaid() {
        Blocked pipe = new Blocked();
        Logger unread =
                new StderrLogs(Level.INFO, new PrintStream(pipe, true, StandardCharsets.UTF_8))
                        .getLoggerFactory()
                        .getLogger("some.Name");
        String longLine = "x".repeat(1 << 20);
        for (int i = 0; i < 10; i++) {
            unread.warn(longLine);
        }
        pipe.read.countDown();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> pipe.written.toString(StandardCharsets.UTF_8).contains(" lines lost"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> { // what comes while much is still being written may be lost
                    unread.warn("goes on");
                    return pipe.written
                            .toString(StandardCharsets.UTF_8)
                            .contains("some.Name: goes on");
                });
    }
}
