package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.WireWriter;

import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

import java.util.List;

/// What a program logs may be anything.
class LogEventsTest {
    private static final Object HOSTILE =
            new Object() {
                @Override
                public String toString() {
                    throw new StackOverflowError("on purpose");
                }
            };

    private static LogEvent event(String text, Object value, Throwable failure) {
        return LogEvents.of(
                Level.WARN, "a.B", text, List.of(new KeyValuePair("k\n=", value)), failure);
    }

    @Test
    void aValueThatCanNotBePrintedSaysSo() {
        LogEvent event = event("t", HOSTILE, new IllegalStateException("why"));

        assertThat(event.keyValues().get("k\\x0a="))
                .startsWith("[toString of ")
                .endsWith(" failed]");
        assertThat(event.text()).isEqualTo("t");
        assertThat(event.failure()).startsWith("java.lang.IllegalStateException: why\n\tat ");
    }

    @Test
    void aFailureWhoseMessageFailsIsNamed() {
        var failure =
                new RuntimeException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("on purpose");
                    }
                };

        assertThat(event("t", 1, failure).failure()).contains("LogEventsTest$").contains("failed");
    }

    @Test
    void aFailureWithAMillionCausesComesToAnEnd() {
        Throwable failure = new Throwable("first", null, true, false) {};
        for (int i = 0; i < 1_000_000; i++) {
            failure =
                    new Throwable("cause", failure, true, false) {
                        private static final long serialVersionUID = 1L;
                    };
        }
        assertThat(event("t", 1, failure).failure().length())
                .isBetween(LogRecord.FAILURE_MAX_CHARS / 2, LogRecord.FAILURE_MAX_CHARS + 100);
    }

    @Test
    void aLongTextIsCutWithAMarkAndWhatCanNotBeEncodedIsEscaped() {
        String half = "\ud83d";
        LogEvent event = event("x".repeat(10_000_000), half, new IllegalStateException(half));

        assertThat(event.text())
                .hasSize(LogEvents.TEXT_MAX_CHARS + " [9967232 more characters]".length());
        assertThat(event.text()).endsWith("x [9967232 more characters]");
        assertThat(event.keyValues()).containsEntry("k\\x0a=", "\\ud83d");
        event.writeTo(new WireWriter(64)); // half a pair would not be encoded
    }
}
