package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

class LogRecordTest {
    private static final String NASTY = "a\u001b[2J\r\n\u202eb\0\t\\=!\ud83d";

    private static LogRecord event(String text, Map<String, String> pairs, String failure) {
        return new LogRecord(
                Instant.EPOCH,
                "w",
                7,
                LogRecord.Source.EVENT,
                Level.WARN,
                "a.B",
                "main",
                text,
                pairs,
                failure);
    }

    @Test
    void noPartOfItCanMoveACursorOrFakeALine() {
        LogRecord record =
                new LogRecord(
                        Instant.EPOCH,
                        NASTY,
                        7,
                        LogRecord.Source.EVENT,
                        Level.WARN,
                        NASTY,
                        NASTY,
                        NASTY,
                        Map.of(NASTY, NASTY),
                        NASTY);

        String safe = "a\\x1b[2J\\x0d\\x0a\\u202eb\\x00\t\\=!\\ud83d";
        assertThat(record.proc()).isEqualTo(safe);
        assertThat(record.logger()).isEqualTo(safe);
        assertThat(record.thread()).isEqualTo(safe);
        assertThat(record.text()).isEqualTo(safe);
        assertThat(record.keyValues()).containsExactly(Map.entry(safe, safe));
        assertThat(record.failure()).isEqualTo(safe.replace("\\x0a", "\n")); // in lines of its own
    }

    @Test
    void itsSizeIsBounded() {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            pairs.put(i + "k".repeat(10_000), "v".repeat(10_000));
        }
        LogRecord record = event("\0".repeat(1_000_000), pairs, "f".repeat(1_000_000));

        assertThat(record.keyValues()).hasSize(LogRecord.KEY_VALUES_MAX);
        assertThat(record.cost()).isLessThan(150_000);
        assertThat(event(record.text(), record.keyValues(), record.failure())).isEqualTo(record);
    }

    @RepeatedTest(20)
    void aLineInAFileIsReadBackAsItWasWritten(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition() * 7919L;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Map<String, String> pairs = new LinkedHashMap<>();
            for (int k = random.nextInt(4); k > 0; k--) {
                pairs.put(text(random), text(random));
            }
            LogRecord record =
                    new LogRecord(
                            Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
                            "w-1",
                            random.nextInt(),
                            any(random, LogRecord.Source.values()),
                            any(random, Level.values()),
                            text(random),
                            text(random),
                            text(random),
                            pairs,
                            text(random));
            String line = LogFormat.line(record);

            assertThat(line).doesNotContain("\n").as("seed %d", seed);
            assertThat(LogFormat.parse(line)).as("seed %d, line %s", seed, line).contains(record);
        }
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    /// Mostly of what has a meaning somewhere.
    private static String text(Random random) {
        String alphabet = "\\tn=!\t\n\r\u001b\u202e\ud83d\ude00 \0aZ\u20ac";
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void linesOfDifferentTimesSortLikeTheirTimes() {
        List<Instant> times =
                Stream.of("00:00:59.9Z", "00:01:00Z", "00:01:00.000000001Z", "00:01:00.5Z")
                        .map(time -> Instant.parse("2026-01-01T" + time))
                        .toList();

        assertThat(times)
                .extracting(time ->
                        LogFormat.line(LogRecord.line(time, "w", 7, LogRecord.Source.HOST, "t")))
                .isSorted();
    }

    @Test
    void aLineThatIsNoRecordIsPassedOver() {
        assertThat(LogFormat.parse("")).isEmpty();
        assertThat(LogFormat.parse("a\tb\tc\td\te\tf\tg\th")).isEmpty();
        String whole = LogFormat.line(event("t", Map.of(), ""));
        assertThat(LogFormat.parse(whole)).isPresent();
        assertThat(LogFormat.parse(whole.replace("WARN", "LOUD"))).isEmpty();
        assertThat(LogFormat.parse(whole.replace("1970", "never"))).isEmpty();
        assertThat(LogFormat.parse(whole.replace("\t7\t", "\tx\t"))).isEmpty();
        assertThat(LogFormat.parse(whole + "\tno pair")).isEmpty();
    }
}
