package io.hyperactor.cli;

import io.hyperactor.host.HostAgentMessage.ProcInfo;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.time.Duration;
import java.util.List;

/// `hyperactor stop|kill [--host ADDRESS] (NAME... | --all)`, and `--grace TIME` for `stop`
final class EndCommand implements Command {
    private interface End {
        String end(HostConnection host, String name, Duration grace) throws InterruptedException;
    }

    private static final String GRACE = "--grace";
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);
    private static final int AT_A_TIME = 16; // as when a host ends its procs

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
    public CommandSpec spec() {
        CommandSpec spec = Options.command(verb, description, "Prints how each ended.");
        if (graceful) {
            spec.addOption(
                    Options.duration(
                            GRACE,
                            "How long they may take, at most a day. Default: 10s. 0s kills at"
                                    + " once."));
        }
        return HostTarget.addTo(spec)
                .addOption(Options.flag(Options.ALL, "All procs of the host."))
                .addPositional(
                        Options.arguments("NAME", String.class, 0, "The names of the procs."));
    }

    @Override
    public int run(ParseResult arguments, Shell shell) throws InterruptedException {
        List<String> named = Options.arguments(arguments);
        boolean all = arguments.hasMatchedOption(Options.ALL);
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
                    names, AT_A_TIME, shell, name -> name + ": " + end.end(host, name, grace));
        }
    }

    private Duration grace(ParseResult arguments) {
        Duration grace =
                graceful ? Options.duration(arguments, GRACE).orElse(DEFAULT_GRACE) : Duration.ZERO;
        if (grace.compareTo(Duration.ofDays(1)) > 0) {
            throw new CliException.Usage(GRACE + " is more than a day");
        }
        return grace;
    }
}
