package io.hyperactor.cli;

import io.hyperactor.host.LogBatch;
import io.hyperactor.host.LogQuery;
import io.hyperactor.host.LogRecord;
import io.hyperactor.wire.ChannelAddress;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `hyperactor logs [--host ADDRESS] [-f] [--since TIME] [-n N] [--json] [NAME...]`
final class LogsCommand implements Command {
    private static final String FOLLOW = "--follow";
    private static final String SINCE = "--since";
    private static final String LINES = "--lines";
    private static final int LINES_DEFAULT = 1000;

    private final HostConnection.Dialer dialer;
    private final InstantSource clock;

    LogsCommand(HostConnection.Dialer dialer, InstantSource clock) {
        this.dialer = dialer;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(
                        CommandSpec.of(
                                name(),
                                "Prints what procs have printed and logged, in the order of time.",
                                "Control characters are escaped."))
                .flag("-f", FOLLOW, "Go on with what comes, until Ctrl-C.")
                .value(
                        SINCE,
                        "TIME",
                        "From when on: 30s, 10m, 2h, 1d ago, or a time such as"
                                + " 2026-01-31T12:00:00Z.")
                .value(
                        "-n",
                        LINES,
                        "N",
                        "How many of the last records, at most "
                                + LogQuery.MAX
                                + ". Default: "
                                + LINES_DEFAULT
                                + ".")
                .flag(CommandSpec.JSON, "Print JSON, an object on each line.")
                .arguments("NAME", 0, "The procs. Default: all of them.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        LogQuery query = query(arguments, target.address());
        boolean json = arguments.has(CommandSpec.JSON);
        try (HostConnection host = dialer.dial(target)) {
            if (arguments.has(FOLLOW)) {
                follow(host, query, json, shell);
            } else {
                host.logs(query).forEach(record -> print(record, json, shell));
            }
        }
        return ExitCode.DONE;
    }

    private LogQuery query(Arguments arguments, ChannelAddress address) {
        List<String> names = arguments.positional();
        ProcNames.check(names, address);
        Optional<Instant> since =
                arguments.value(SINCE).map(text -> Since.parse(text, clock.instant()));
        int max = arguments.number(LINES).orElse(LINES_DEFAULT);
        try {
            return new LogQuery(Set.copyOf(names), since, max);
        } catch (IllegalArgumentException e) {
            throw new CliException.Usage(LINES + ": " + e.getMessage());
        }
    }

    /// Ctrl-C is how it ends well.
    private static void follow(HostConnection host, LogQuery query, boolean json, Shell shell) {
        try {
            host.follow(query, batch -> print(batch, json, shell));
        } catch (InterruptedException e) {
            return;
        }
    }

    private static boolean print(LogBatch batch, boolean json, Shell shell) {
        if (batch.missed() > 0) {
            shell.note("[" + Quantity.count(batch.missed(), "record") + " missed]");
        }
        batch.records().forEach(record -> print(record, json, shell));
        return !shell.out().checkError(); // also writes out what is buffered
    }

    private static void print(LogRecord record, boolean json, Shell shell) {
        if (json) {
            shell.result(LogLines.json(record));
        } else {
            LogLines.text(record).forEach(shell::result);
        }
    }
}
