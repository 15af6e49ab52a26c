package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.ProcInfo;

import java.time.Duration;
import java.util.List;

/// `hyperactor stop|kill [--host ADDRESS] (NAME... | --all)`, and `--grace TIME` for `stop`
final class EndCommand implements Command {
    private interface End {
        String end(HostConnection host, String name, Duration grace) throws InterruptedException;
    }

    private static final String GRACE = "--grace";
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

    private final String verb;
    private final boolean graceful;
    private final String description;
    private final End end;
    private final HostConnection.Dialer dialer;

    private EndCommand(
            String verb,
            boolean graceful,
            String description,
            End end,
            HostConnection.Dialer dialer) {
        this.verb = verb;
        this.graceful = graceful;
        this.description = description;
        this.end = end;
        this.dialer = dialer;
    }

    /// The command `stop`.
    static EndCommand stop(HostConnection.Dialer dialer) {
        return new EndCommand(
                "stop",
                true,
                "Lets procs finish what they have and end; kills those that take too long.",
                HostConnection::stop,
                dialer);
    }

    /// The command `kill`.
    static EndCommand kill(HostConnection.Dialer dialer) {
        return new EndCommand(
                "kill",
                false,
                "Kills procs and what they have started.",
                (host, name, _) -> host.kill(name),
                dialer);
    }

    @Override
    public String name() {
        return verb;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.of(name(), description, "Prints how each ended.");
        if (graceful) {
            spec.duration(
                    GRACE,
                    "How long they may take, at most a day. Default: 10s. 0s kills at" + " once.");
        }
        return HostTarget.addTo(spec)
                .flag(CommandSpec.ALL, "All procs of the host.")
                .arguments("NAME", 0, "The names of the procs.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        List<String> named = arguments.positional();
        boolean all = arguments.has(CommandSpec.ALL);
        if (all != named.isEmpty()) {
            throw new CliException.Usage(
                    all ? "names and --all exclude each other" : "give names or --all");
        }
        Duration grace = grace(arguments);
        HostTarget target = HostTarget.of(arguments, shell);
        ProcNames.check(named, target.address());
        try (HostConnection host = dialer.dial(target)) {
            List<String> names = all ? host.list().stream().map(ProcInfo::name).toList() : named;
            if (names.isEmpty()) {
                shell.error("no procs on " + target.address());
            }
            return ProcNames.forEach(
                    names, shell, name -> name + ": " + end.end(host, name, grace));
        }
    }

    private Duration grace(Arguments arguments) {
        Duration grace = graceful ? arguments.duration(GRACE).orElse(DEFAULT_GRACE) : Duration.ZERO;
        if (grace.compareTo(Duration.ofDays(1)) > 0) {
            throw new CliException.Usage(GRACE + " is more than a day");
        }
        return grace;
    }
}
