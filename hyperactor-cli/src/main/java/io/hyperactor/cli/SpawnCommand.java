package io.hyperactor.cli;

import io.hyperactor.wire.ChannelAddress;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.util.List;

/// `hyperactor spawn [--host ADDRESS] NAME...`
final class SpawnCommand implements Command {
    private final HostConnection.Dialer dialer;

    SpawnCommand(HostConnection.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public CommandSpec spec() {
        return Options.command("spawn", "Spawns procs and waits until each is ready.")
                .addOption(Options.host())
                .addPositional(
                        Options.arguments("NAME", String.class, 1, "The names of the procs."));
    }

    @Override
    public int run(ParseResult arguments, Shell shell) throws InterruptedException {
        ChannelAddress address = HostAddress.toDial(Options.host(arguments), shell);
        List<String> names = Options.arguments(arguments);
        ProcNames.check(names, address);
        try (HostConnection host = dialer.dial(address)) {
            return ProcNames.forEach(
                    names, shell, name -> name + ": ready, pid " + host.spawn(name));
        }
    }
}
