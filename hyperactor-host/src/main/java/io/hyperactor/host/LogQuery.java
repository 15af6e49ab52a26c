package io.hyperactor.host;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which records somebody wants.
///
/// @param names of the procs; empty for all
/// @param since the first time; empty for no limit
/// @param max how many, the last ones; 0 to [#MAX]
public record LogQuery(Set<String> names, Optional<Instant> since, int max) {
    /// The most records that are given at once.
    public static final int MAX = 10_000;

    /// @throws IllegalArgumentException if `max` is out of range
    public LogQuery {
        names = Set.copyOf(names);
        if (max < 0 || max > MAX) {
            throw new IllegalArgumentException(max + " records are not 0 to " + MAX);
        }
    }

    boolean isFor(String name) {
        return names.isEmpty() || names.contains(name);
    }
}
