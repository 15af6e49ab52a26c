package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.ProcInfo;
import io.hyperactor.host.HostAgentMessage.ProcNews;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// `hyperactor watch [--host ADDRESS] [--json]`
final class WatchCommand implements Command {
    private final HostConnection.Dialer dialer;
    private final Supplier<ZoneId> zone;

    /// @param zone of the times it prints; asked when there are some, as finding it out takes long
    WatchCommand(HostConnection.Dialer dialer, Supplier<ZoneId> zone) {
        this.dialer = dialer;
        this.zone = zone;
    }

    @Override
    public String name() {
        return "watch";
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(
                        CommandSpec.of(
                                name(),
                                "Prints how the procs of a host are, and then what happens to them.",
                                "What they use is looked at every 2 s, and printed if it changes.",
                                "Lasts until Ctrl-C, or until the host is gone."))
                .flag(CommandSpec.JSON, "Print a line of JSON for each event.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        boolean json = arguments.has(CommandSpec.JSON);
        var table = new Rows();
        Function<ProcNews, String> text = json ? WatchCommand::json : table::row;
        try (HostConnection host = dialer.dial(target)) {
            host.watch(news -> {
                text.apply(news).lines().forEach(shell::result);
                return !shell.out().checkError(); // nobody reads it any more
            });
        } catch (InterruptedException e) {
            // that is how it is told to end
        }
        return ExitCode.DONE;
    }

    private static String json(ProcNews news) {
        Map<String, Object> object =
                JsonWriter.object(
                        "at_ms", news.atMillis(), "what", news.what(), "detail", news.detail());
        news.proc().map(ProcRow::json).ifPresent(object::putAll);
        return JsonWriter.write(object);
    }

    /// A table that grows with what comes, unless that is only how a proc is and was.
    private final class Rows {
        private final Map<String, List<String>> shown = new HashMap<>(); // by proc
        private final DateTimeFormatter time =
                DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone.get());
        private final Table table;
        private boolean titled;

        Rows() {
            List<Table.Column> columns = new ArrayList<>();
            columns.add(Table.Column.left("TIME"));
            columns.addAll(ProcRow.columns());
            columns.add(Table.Column.left("WHAT"));
            table = new Table(columns);
        }

        /// The next row, the first one with the titles above it; empty if it would say nothing new.
        String row(ProcNews news) {
            return isNew(news) ? text(news) : "";
        }

        private boolean isNew(ProcNews news) {
            if (news.proc().isEmpty()) {
                shown.clear(); // something was missed: from here on all is told again
                return true;
            }
            ProcInfo proc = news.proc().get();
            List<String> figures = ProcRow.figures(proc);
            List<String> before = shown.put(proc.name(), figures);
            if (proc.state().equals("ended")) {
                shown.remove(proc.name());
            }
            return !news.what().equals("is") || !figures.equals(before);
        }

        private String text(ProcNews news) {
            List<String> cells = new ArrayList<>();
            cells.add(time.format(Instant.ofEpochMilli(news.atMillis())));
            cells.addAll(news.proc().map(ProcRow::cells).orElseGet(ProcRow::none));
            cells.add(news.detail());
            String row = table.next(cells);
            String titles = titled ? "" : table.lines().getFirst() + "\n";
            titled = true;
            return titles + row;
        }
    }
}
