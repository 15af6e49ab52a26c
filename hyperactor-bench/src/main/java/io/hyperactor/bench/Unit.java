package io.hyperactor.bench;

import java.util.Locale;

/// What a figure is counted in.
public enum Unit {
    /// Time.
    NANOS("ns", 1000, "ns µs ms s"),
    /// Operations in a second.
    PER_SECOND("1/s", 1000, "/s k/s M/s G/s"),
    /// Bytes in a second.
    BYTES_PER_SECOND("B/s", 1000, "B/s kB/s MB/s GB/s"),
    /// Memory.
    BYTES("B", 1024, "B KiB MiB GiB"),
    /// Hundredths of a whole.
    PERCENT("%", Integer.MAX_VALUE, "%"),
    /// Things.
    COUNT("1", 1000, "× k× M×");

    private final String symbol;
    private final int step;
    private final String scaled; // space between, each `step` times the one before

    Unit(String symbol, int step, String scaled) {
        this.symbol = symbol;
        this.step = step;
        this.scaled = scaled;
    }

    /// The unit itself, as figures are stored.
    public String symbol() {
        return symbol;
    }

    /// A value for people, in three digits or more: `95.1 ns`, `22.4 M/s`.
    public String text(double value) {
        return number(value, scale(value)) + " " + scales()[scale(value)];
    }

    /// Lowest and highest of several values, in the scale of the highest: `21.0–23.3`.
    public String range(double low, double high) {
        int scale = scale(high);
        return number(low, scale) + "–" + number(high, scale);
    }

    private String[] scales() {
        return scaled.split(" ", -1);
    }

    private int scale(double value) {
        int scale = 0;
        for (double rest = value; rest >= step && scale < scales().length - 1; rest /= step) {
            scale++;
        }
        return scale;
    }

    private String number(double value, int scale) {
        double shown = value / Math.pow(step, scale);
        return String.format(
                Locale.ROOT, shown < 10 ? "%.2f" : shown < 100 ? "%.1f" : "%.0f", shown);
    }
}
