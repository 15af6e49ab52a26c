package io.hyperactor.host;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// How far somebody has got who follows the records of a [LogBook]: what to go on from later, with
/// the same names, and still learn how many were missed.
///
/// @param book whose; in another one only the time counts
/// @param records how many of those names have come into the book, up to here
/// @param time of the latest record so far; if there was none yet, just before the first or,
///   without any, when it began
public record LogPosition(long book, long records, Instant time) {
    /// The first time behind it.
    Instant since() {
        return time.equals(Instant.MAX) ? time : time.plusNanos(1);
    }

    LogPosition after(List<LogRecord> more, long missed) {
        Instant latest =
                more.stream()
                        .map(LogRecord::time)
                        .max(Comparator.naturalOrder())
                        .filter(time::isBefore)
                        .orElse(time);
        return new LogPosition(book, records + more.size() + missed, latest);
    }
}
