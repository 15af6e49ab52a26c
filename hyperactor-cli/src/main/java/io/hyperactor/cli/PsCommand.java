package io.hyperactor.cli;

import io.hyperactor.cli.HostConnection.ProcStatus;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.util.ArrayList;
import java.util.List;

/// `hyperactor ps [--host ADDRESS] [--all] [--json]`
final class PsCommand implements Command {
    private static final String NONE = "-";
    private static final String ENDED = "ended";
    private static final int EXIT_MAX = 48; // characters; the whole text is in the JSON

    private final HostConnection.Dialer dialer;

    PsCommand(HostConnection.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(Options.command("ps", "Lists the procs of a host."))
                .addOption(Options.flag(Options.ALL, "Also the procs that ended last, 64 at most."))
                .addOption(Options.flag(Options.JSON, "Print JSON."));
    }

    @Override
    public int run(ParseResult arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        try (HostConnection host = dialer.dial(target)) {
            List<ProcStatus> procs = new ArrayList<>(host.list());
            if (arguments.hasMatchedOption(Options.ALL)) {
                procs.addAll(host.listEnded());
            }
            if (arguments.hasMatchedOption(Options.JSON)) {
                shell.result(json(procs));
            } else {
                table(procs).lines().forEach(shell::result);
            }
        }
        return ExitCode.DONE;
    }

    private static String json(List<ProcStatus> procs) {
        return JsonWriter.write(
                procs.stream()
                        .map(proc ->
                                JsonWriter.object(
                                        "name", proc.name(),
                                        "pid", proc.pid(),
                                        "state", proc.state(),
                                        "uptime_ms", proc.uptime().toMillis(),
                                        "rss_bytes", proc.rssBytes(),
                                        "cpu_ms", proc.cpu().toMillis(),
                                        "restarts", proc.restarts(),
                                        "last_exit", proc.lastExit()))
                        .toList());
    }

    private static Table table(List<ProcStatus> procs) {
        var table =
                new Table(
                        Table.Column.left("NAME"),
                        Table.Column.right("PID"),
                        Table.Column.left("STATE"),
                        Table.Column.right("UPTIME"),
                        Table.Column.right("MEMORY"),
                        Table.Column.right("CPU"),
                        Table.Column.right("RESTARTS"),
                        Table.Column.left("LAST EXIT"));
        for (ProcStatus proc : procs) {
            boolean known = proc.pid() != 0;
            boolean running = known && !proc.state().equals(ENDED);
            table.row(
                    proc.name(),
                    known ? Long.toString(proc.pid()) : NONE,
                    proc.state(),
                    running ? Quantity.duration(proc.uptime()) : NONE,
                    running ? Quantity.bytes(proc.rssBytes()) : NONE,
                    running ? Quantity.duration(proc.cpu()) : NONE,
                    Quantity.count(proc.restarts()),
                    lastExit(proc.lastExit()));
        }
        return table;
    }

    private static String lastExit(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        return text.length() <= EXIT_MAX ? text : text.substring(0, EXIT_MAX - 3) + "...";
    }
}
