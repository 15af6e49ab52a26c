package io.hyperactor.host;

import java.time.Instant;
import java.util.List;

/// A proc that has ended and does not come back, as its host remembers it: the last
/// [#REMEMBERED_MAX] by name.
///
/// @param name its name, which is free or somebody else's now
/// @param pid of its last process, 0 if it had none of its own
/// @param at when that was noticed
/// @param restarts how often it was restarted
/// @param report how its last life ended, with the last [#LINES_MAX] lines, cut
public record EndedProc(String name, long pid, Instant at, int restarts, ExitReport report) {
    /// So many are remembered.
    public static final int REMEMBERED_MAX = 64;

    /// So many of the last lines.
    public static final int LINES_MAX = 16;

    private static final int LINE_MAX_CHARS = 300;

    public EndedProc {
        report = new ExitReport(report.exit(), report.diagnosis(), cut(report.lastLines()));
    }

    /// The last of these lines, each cut.
    static List<String> cut(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size()).stream()
                .map(line -> LogText.cut(line, LINE_MAX_CHARS))
                .toList();
    }
}
