package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.ProcInfo;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.util.ArrayList;
import java.util.List;

/// `hyperactor ps [--host ADDRESS] [--all] [--json]`
final class PsCommand implements Command {
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
            List<ProcInfo> procs = new ArrayList<>(host.list());
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

    private static String json(List<ProcInfo> procs) {
        return JsonWriter.write(procs.stream().map(ProcRow::json).toList());
    }

    private static Table table(List<ProcInfo> procs) {
        var table = new Table(ProcRow.columns());
        procs.forEach(proc -> table.row(ProcRow.cells(proc)));
        return table;
    }
}
