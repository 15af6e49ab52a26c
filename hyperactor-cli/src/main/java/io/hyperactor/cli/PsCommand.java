package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.ProcInfo;

import java.util.ArrayList;
import java.util.List;

/// `hyperactor ps [--host ADDRESS] [--all] [--json]`
final class PsCommand implements Command {
    private final HostConnection.Dialer dialer;

    PsCommand(HostConnection.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public String name() {
        return "ps";
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(CommandSpec.of(name(), "Lists the procs of a host."))
                .flag(CommandSpec.ALL, "Also the procs that ended last, 64 at most.")
                .flag(CommandSpec.JSON, "Print JSON.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        try (HostConnection host = dialer.dial(target)) {
            List<ProcInfo> procs = new ArrayList<>(host.list());
            if (arguments.has(CommandSpec.ALL)) {
                procs.addAll(host.listEnded());
            }
            if (arguments.has(CommandSpec.JSON)) {
                shell.result(json(procs));
            } else {
                for (String line : table(procs).lines()) {
                    shell.result(line);
                }
            }
        }
        return ExitCode.DONE;
    }

    private static String json(List<ProcInfo> procs) {
        return JsonWriter.write(procs.stream().map(ProcRow::json).toList());
    }

    private static Table table(List<ProcInfo> procs) {
        var table = new Table(ProcRow.columns());
        for (ProcInfo proc : procs) {
            table.row(ProcRow.cells(proc));
        }
        return table;
    }
}
