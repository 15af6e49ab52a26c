package io.hyperactor.host;

import org.slf4j.event.Level;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// One thing a proc printed or logged, or its host had to say about that.
///
/// Whoever made it, it is safe to print and of bounded size: longer texts are cut with a mark,
/// control characters, line ends and what reorders text are escaped as `\x1b` or `\u202e`.
///
/// @param time when the host read it, or for an [Source#EVENT] when the proc logged it
/// @param proc the name of the proc, as its host knows it; nothing the proc says changes it
/// @param pid of its process
/// @param source where it comes from
/// @param level of an event; `INFO` for standard output, `WARN` for standard error
/// @param logger the name of an event's logger, else empty
/// @param thread the name of the thread that logged an event, else empty
/// @param text what was printed or logged, on one line: about 64 Ki characters at most, of an event
///   32 Ki
/// @param keyValues of an event, in their order: [#KEY_VALUES_MAX] at most
/// @param failure the stack trace of an event's throwable, in lines; empty without: about 24 Ki
///   characters at most
public record LogRecord(
        Instant time,
        String proc,
        long pid,
        Source source,
        Level level,
        String logger,
        String thread,
        String text,
        Map<String, String> keyValues,
        String failure) {
    /// Where a record comes from. Its order is wire format.
    public enum Source {
        /// A line of standard output.
        STDOUT("out"),
        /// A line of standard error.
        STDERR("err"),
        /// An event that the proc logged through SLF4J.
        EVENT("event"),
        /// The host itself: lines are missing here.
        HOST("host");

        private final String word;

        Source(String word) {
            this.word = word;
        }

        /// What it is called in files and on the command line.
        @Override
        public String toString() {
            return word;
        }

        boolean isPrinted() {
            return this == STDOUT || this == STDERR;
        }
    }

    /// How many key-value pairs a record has at most.
    public static final int KEY_VALUES_MAX = 32;

    static final int TEXT_MAX_CHARS = 64 * 1024;
    static final int FAILURE_MAX_CHARS = 24 * 1024;
    static final int NAME_MAX_CHARS = 256;
    static final int VALUE_MAX_CHARS = 512;

    private static final int COST = 128; // what a record takes besides its characters, roughly

    /// Escapes and cuts all texts.
    public LogRecord {
        proc = name(proc);
        logger = name(logger);
        thread = name(thread);
        text = LogText.cut(PrintableText.escape(text), TEXT_MAX_CHARS);
        keyValues = bounded(keyValues);
        failure = LogText.cut(PrintableText.escapeLines(failure), FAILURE_MAX_CHARS);
    }

    /// A line that a proc printed.
    static LogRecord line(Instant time, String proc, long pid, Source source, String text) {
        Level level = source == Source.STDOUT ? Level.INFO : Level.WARN;
        return new LogRecord(time, proc, pid, source, level, "", "", text, Map.of(), "");
    }

    private static Map<String, String> bounded(Map<String, String> pairs) {
        if (pairs.isEmpty()) {
            return Map.of();
        }
        Map<String, String> kept = new LinkedHashMap<>();
        for (var pair : pairs.entrySet()) {
            if (kept.size() == KEY_VALUES_MAX) {
                break;
            }
            String value = PrintableText.escape(pair.getValue());
            kept.put(name(pair.getKey()), LogText.cut(value, VALUE_MAX_CHARS));
        }
        return Collections.unmodifiableMap(kept);
    }

    private static String name(String text) {
        return LogText.cut(PrintableText.escape(text), NAME_MAX_CHARS);
    }

    /// What it says besides who and when: of an event its logger, its pairs, its text and the first
    /// line of its failure.
    String message() {
        if (source != Source.EVENT) {
            return text;
        }
        var line = new StringBuilder(logger).append(": ");
        keyValues.forEach((key, value) -> line.append(key).append('=').append(value).append(' '));
        line.append(text);
        if (!failure.isEmpty()) {
            line.append(": ").append(failure.lines().findFirst().orElse(""));
        }
        return line.toString();
    }

    /// How many characters of memory it takes, roughly.
    int cost() {
        int sum = COST + text.length() + failure.length() + logger.length() + thread.length();
        for (var pair : keyValues.entrySet()) {
            sum += COST + pair.getKey().length() + pair.getValue().length();
        }
        return sum;
    }
}
