package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes events that fit into a frame and can be encoded, of whatever a program logs.
final class LogEvents {
    /// A printed line may be twice as long: its bytes are counted, not its characters.
    static final int TEXT_MAX_CHARS = 32 * 1024;

    private LogEvents() {}

    /// An event of now and of this thread.
    static LogEvent of(
            Level level,
            String logger,
            String text,
            List<KeyValuePair> pairs,
            @Nullable Throwable failure) {
        return new LogEvent(
                0,
                Instant.now(),
                level,
                line(logger, LogRecord.NAME_MAX_CHARS),
                line(Thread.currentThread().getName(), LogRecord.NAME_MAX_CHARS),
                line(text, TEXT_MAX_CHARS),
                keyValues(pairs),
                failure == null ? "" : trace(failure));
    }

    private static Map<String, String> keyValues(List<KeyValuePair> pairs) {
        if (pairs.isEmpty()) {
            return Map.of();
        }
        Map<String, String> bounded = new LinkedHashMap<>();
        for (KeyValuePair pair : pairs) {
            if (bounded.size() == LogRecord.KEY_VALUES_MAX) {
                break;
            }
            String value = line(LogText.of(pair.value), LogRecord.VALUE_MAX_CHARS);
            bounded.put(line(String.valueOf(pair.key), LogRecord.NAME_MAX_CHARS), value);
        }
        return bounded;
    }

    private static String trace(Throwable failure) {
        String text = LogText.of(failure, LogRecord.FAILURE_MAX_CHARS);
        return LogText.cut(PrintableText.escapeLines(text), LogRecord.FAILURE_MAX_CHARS);
    }

    /// Cut first: what is dropped need not be looked at.
    private static String line(String text, int maxChars) {
        return LogText.cut(PrintableText.escape(LogText.cut(text, maxChars)), maxChars);
    }
}
