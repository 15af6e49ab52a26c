package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.Counter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `hyperactor stats [--host ADDRESS] [--json] [NAME]`
final class StatsCommand implements Command {
    private final HostConnection.Dialer dialer;

    StatsCommand(HostConnection.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(
                        CommandSpec.of(name(), "Prints what a host, or one of its procs, counts."))
                .flag(CommandSpec.JSON, "Print JSON.")
                .optionalArgument("NAME", "The proc. Default: the host itself.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        List<String> names = arguments.positional();
        ProcNames.check(names, target.address());
        try (HostConnection host = dialer.dial(target)) {
            List<Counter> counters =
                    names.isEmpty() ? host.counters() : host.counters(names.getFirst());
            if (arguments.has(CommandSpec.JSON)) {
                shell.result(json(counters));
            } else {
                table(counters).lines().forEach(shell::result);
            }
        }
        return ExitCode.DONE;
    }

    private static String json(List<Counter> counters) {
        Map<String, Object> members = new LinkedHashMap<>();
        counters.forEach(counter -> members.put(counter.name(), counter.value()));
        return JsonWriter.write(members);
    }

    private static Table table(List<Counter> counters) {
        var table = new Table(List.of(Table.Column.left("NAME"), Table.Column.right("VALUE")));
        for (Counter counter : counters) {
            table.row(List.of(counter.name(), Quantity.count(counter.value())));
        }
        return table;
    }
}
