package io.hyperactor.host;

import java.util.List;

/// What came since the last batch, for somebody who follows.
///
/// @param records in the order of their times, also over several batches, but for those that came
///   to the host more than 0.2 s after they were made, or that went out earlier because more than
///   256 Ki characters would have been held; none if nothing came for a while
/// @param missed how many records are missing before them, because the follower was too slow, or
///   had not been there and the book no longer has them
/// @param next where to go on behind them
public record LogBatch(List<LogRecord> records, long missed, LogPosition next) {
    public LogBatch {
        records = List.copyOf(records);
    }
}
