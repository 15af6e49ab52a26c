package io.hyperactor.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/// A time as people type it: how long ago, or when.
final class Since {
    private Since() {}

    /// @throws CliException.Usage if it is neither
    static Instant parse(String text, Instant now) {
        try {
            return Character.isDigit(text.isEmpty() ? ' ' : text.charAt(0)) && text.indexOf('-') < 0
                    ? now.minus(ago(text))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new CliException.Usage(
                    "--since: '" + text + "' is neither like 10m nor like 2026-01-31T12:00:00Z");
        }
    }

    private static Duration ago(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw new NumberFormatException(text);
        };
    }
}
