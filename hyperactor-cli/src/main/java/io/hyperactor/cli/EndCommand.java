package io.hyperactor.cli;

import io.hyperactor.wire.ChannelAddress;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.util.List;

/// `hyperactor stop|kill [--host ADDRESS] (NAME... | --all)`
final class EndCommand implements Command {
    private interface End {
        String end(HostConnection host, String name) throws InterruptedException;
    }

    private final String verb;
    private final String description;
    private final End end;
    private final HostConnection.Dialer dialer;

    private EndCommand(String verb, String description, End end, HostConnection.Dialer dialer) {
        this.verb = verb;
        this.description = description;
        this.end = end;
        this.dialer = dialer;
    }

    /// The command `stop`.
    static EndCommand stop(HostConnection.Dialer dialer) {
        return new EndCommand(
                "stop",
                "Lets procs finish what they have and end; kills those that take too long.",
                HostConnection::stop,
                dialer);
    }

    /// The command `kill`.
    static EndCommand kill(HostConnection.Dialer dialer) {
        return new EndCommand(
                "kill", "Kills procs and what they have started.", HostConnection::kill, dialer);
    }

    @Override
    public CommandSpec spec() {
        return Options.command(verb, description, "Prints how each ended.")
                .addOption(Options.host())
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
        ChannelAddress address = HostAddress.toDial(Options.host(arguments), shell);
        ProcNames.check(named, address);
        try (HostConnection host = dialer.dial(address)) {
            List<String> names =
                    all
                            ? host.list().stream().map(HostConnection.ProcStatus::name).toList()
                            : named;
            if (names.isEmpty()) {
                shell.error("no procs on " + address);
            }
            return ProcNames.forEach(names, shell, name -> name + ": " + end.end(host, name));
        }
    }
}
