package io.hyperactor.host;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them, `500ms`, `30s`, `1m 30s`, `2h`, and as waits take them.
public final class Durations {
    private static final Pattern PART = Pattern.compile("\\s*(\\d{1,15})\\s*(ms|s|m|h)\\s*");

    private Durations() {}

    /// In nanoseconds; what is too long for them, the most there is.
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /// A duration from one or several parts, each a whole number and `ms`, `s`, `m` or `h`.
    ///
    /// @throws IllegalArgumentException if the text is anything else
    public static Duration parse(String text) {
        Matcher matcher = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            long amount = Long.parseLong(matcher.group(1));
            sum =
                    sum.plus(
                            switch (matcher.group(2)) {
                                case "ms" -> Duration.ofMillis(amount);
                                case "s" -> Duration.ofSeconds(amount);
                                case "m" -> Duration.ofMinutes(amount);
                                default -> Duration.ofHours(amount);
                            });
            end = matcher.end();
        }
        if (end == 0 || end != text.length()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration such as 500ms, 30s or 1m 30s");
        }
        return sum;
    }
}
