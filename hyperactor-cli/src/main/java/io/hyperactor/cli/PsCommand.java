package io.hyperactor.cli;

import io.hyperactor.cli.HostConnection.ProcStatus;
import io.hyperactor.wire.ChannelAddress;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.util.List;

/// `hyperactor ps [--host ADDRESS] [--json]`
final class PsCommand implements Command {
    private final HostConnection.Dialer dialer;

    PsCommand(HostConnection.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public CommandSpec spec() {
        return Options.command("ps", "Lists the procs of a host.")
                .addOption(Options.host())
                .addOption(Options.flag(Options.JSON, "Print JSON."));
    }

    @Override
    public int run(ParseResult arguments, Shell shell) throws InterruptedException {
        ChannelAddress address = HostAddress.toDial(Options.host(arguments), shell);
        try (HostConnection host = dialer.dial(address)) {
            List<ProcStatus> procs = host.list();
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
                                        "rss_bytes", proc.rssBytes()))
                        .toList());
    }

    private static Table table(List<ProcStatus> procs) {
        var table =
                new Table(
                        Table.Column.left("NAME"),
                        Table.Column.right("PID"),
                        Table.Column.left("STATE"),
                        Table.Column.right("UPTIME"),
                        Table.Column.right("MEMORY"));
        for (ProcStatus proc : procs) {
            table.row(
                    proc.name(),
                    Long.toString(proc.pid()),
                    proc.state(),
                    Quantity.duration(proc.uptime()),
                    Quantity.bytes(proc.rssBytes()));
        }
        return table;
    }
}
