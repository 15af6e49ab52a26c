package io.hyperactor.host;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Lines for the log that say what was refused: of each reason one a second, however often it
/// happens. The next one says how many were left out. Not thread-safe.
final class RefusalLines {
    private static final class OfReason {
        final RateLimit limit;
        long leftOut;

        OfReason(LongSupplier nanoTime) {
            limit = new RateLimit(1, nanoTime);
        }
    }

    private final LongSupplier nanoTime;
    private final Map<String, OfReason> reasons = new HashMap<>();

    /// @param nanoTime a clock like [System#nanoTime()]
    RefusalLines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// The line for one more refusal, if it is to be logged.
    ///
    /// @param reason one of a few
    /// @param detail what follows it
    Optional<String> next(String reason, String detail) {
        OfReason lines = reasons.computeIfAbsent(reason, _ -> new OfReason(nanoTime));
        if (!lines.limit.spend(1)) {
            lines.leftOut++;
            return Optional.empty();
        }
        String line = "refused " + reason + detail;
        if (lines.leftOut > 0) {
            line += " (" + lines.leftOut + " more like this were not logged)";
            lines.leftOut = 0;
        }
        return Optional.of(line);
    }
}
