package io.hyperactor.cli;

import java.time.Duration;
import java.util.List;

/// Numbers as people read them.
final class Quantity {
    private static final List<String> BYTE_UNITS =
            List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

    private Quantity() {}

    /// For example `1,234,567`.
    static String count(long number) {
        var text = new StringBuilder(Long.toString(number));
        int first = number < 0 ? 1 : 0;
        for (int i = text.length() - 3; i > first; i -= 3) {
            text.insert(i, ',');
        }
        return text.toString();
    }

    /// `count` and a noun, for example `1 file` or `2 files`.
    static String count(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /// For example `512 B`, `63.4 MiB`.
    static String bytes(long bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1023.95 && unit < BYTE_UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : tenths(value)) + " " + BYTE_UNITS.get(unit);
    }

    /// The two largest units, rounded down: for example `95 ms`, `1.2 s`, `3 min 4 s`, `2 d 5 h`.
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        long seconds = millis / 1000;
        if (seconds < 60) {
            return seconds + "." + millis % 1000 / 100 + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 24 * 3600) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds / (24 * 3600) + " d " + seconds % (24 * 3600) / 3600 + " h";
    }

    private static String tenths(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }
}
