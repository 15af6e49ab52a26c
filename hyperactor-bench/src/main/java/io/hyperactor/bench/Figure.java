package io.hyperactor.bench;

import java.util.Locale;
import java.util.Optional;

/// What a round of a workload may tell.
public enum Figure {
    /// Operations in a second.
    RATE("rate", Unit.PER_SECOND),
    /// Payload bytes in a second.
    THROUGHPUT("throughput", Unit.BYTES_PER_SECOND),
    /// Time of one operation, where only the sum of many was taken.
    EACH("time each", Unit.NANOS),
    /// Median of the operations' times.
    P50("p50", Unit.NANOS),
    /// All but one in a hundred take no longer.
    P99("p99", Unit.NANOS),
    /// All but one in a thousand take no longer.
    P999("p99.9", Unit.NANOS),
    /// The slowest.
    MAX("slowest", Unit.NANOS),
    /// From the order to start something until it is ready.
    READY("ready", Unit.NANOS),
    /// From the same order until it has answered for the first time.
    ANSWER("first answer", Unit.NANOS),
    /// From the start until all that was asked for is done.
    DONE("all done", Unit.NANOS),
    /// Memory of one thing.
    SIZE("memory each", Unit.BYTES),
    /// What one operation allocates on the heap.
    ALLOCATED("allocated each", Unit.BYTES),
    /// What one operation takes of the processors, on all threads.
    CPU("processor time each", Unit.NANOS),
    /// How much of something goes into something else.
    SHARE("share", Unit.PERCENT),
    /// How many operations the round had.
    OPERATIONS("operations", Unit.COUNT);

    private final String title;
    private final Unit unit;

    Figure(String title, Unit unit) {
        this.title = title;
        this.unit = unit;
    }

    /// What the table calls it.
    public String title() {
        return title;
    }

    /// What it is counted in.
    public Unit unit() {
        return unit;
    }

    /// The share of all times that do not exceed it, if it is a percentile of them.
    Optional<Double> percentile() {
        return switch (this) {
            case P50 -> Optional.of(0.5);
            case P99 -> Optional.of(0.99);
            case P999 -> Optional.of(0.999);
            case MAX -> Optional.of(1.0);
            default -> Optional.empty();
        };
    }

    /// What contenders and JSON call it.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if there is no such figure
    static Figure of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
