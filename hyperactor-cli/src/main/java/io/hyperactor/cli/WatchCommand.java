package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.ProcNews;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
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

    /// A table that grows with what comes.
    private final class Rows {
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

        /// The next row, the first one with the titles above it.
        String row(ProcNews news) {
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
