package io.hyperactor.cli;

import io.hyperactor.host.AppliedLimit;
import io.hyperactor.host.HostAgentMessage.ProcInfo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How a proc is, as one line of a table or members of a JSON object: the same wherever it is told.
final class ProcRow {
    private static final String NONE = "-";
    private static final int UPTIME = 3; // among the columns
    private static final int EXIT_MAX = 48; // characters; the whole text is in the JSON

    private ProcRow() {}

    static List<Table.Column> columns() {
        return List.of(
                Table.Column.left("NAME"),
                Table.Column.right("PID"),
                Table.Column.left("STATE"),
                Table.Column.right("UPTIME"),
                Table.Column.right("MEMORY"),
                Table.Column.right("CPU"),
                Table.Column.right("RESTARTS"),
                Table.Column.left("LAST EXIT"));
    }

    /// A cell for each column.
    static List<String> cells(ProcInfo proc) {
        return List.of(
                proc.name(),
                proc.pid() == 0 ? NONE : Long.toString(proc.pid()),
                proc.state(),
                proc.uptimeMillis() == 0 ? NONE : millis(proc.uptimeMillis()),
                proc.rssBytes() == 0 ? NONE : Quantity.bytes(proc.rssBytes()),
                proc.rssBytes() == 0 ? NONE : millis(proc.cpuMillis()),
                Quantity.count(proc.restarts()),
                lastExit(proc.lastExit()));
    }

    /// The cells that are other ones when something has changed, and not just because time goes on.
    static List<String> figures(ProcInfo proc) {
        List<String> cells = new ArrayList<>(cells(proc));
        cells.remove(UPTIME);
        return cells;
    }

    /// Cells that say nothing of any proc.
    static List<String> none() {
        return columns().stream().map(_ -> NONE).toList();
    }

    static Map<String, Object> json(ProcInfo proc) {
        return JsonWriter.object(
                "name", proc.name(),
                "pid", proc.pid(),
                "state", proc.state(),
                "uptime_ms", proc.uptimeMillis(),
                "rss_bytes", proc.rssBytes(),
                "cpu_ms", proc.cpuMillis(),
                "restarts", proc.restarts(),
                "last_exit", proc.lastExit(),
                "limits", proc.limits().stream().map(ProcRow::json).toList());
    }

    private static Map<String, Object> json(AppliedLimit limit) {
        return JsonWriter.object(
                "what", limit.what(), "value", limit.value(), "by", limit.by().toString());
    }

    private static String millis(long millis) {
        return Quantity.duration(Duration.ofMillis(millis));
    }

    private static String lastExit(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        return text.length() <= EXIT_MAX ? text : text.substring(0, EXIT_MAX - 3) + "...";
    }
}
