package io.hyperactor.cli;

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
        return HostTarget.addTo(
                        Options.command("spawn", "Spawns procs and waits until each is ready."))
                .addPositional(
                        Options.arguments("NAME", String.class, 1, "The names of the procs."));
    }

    @Override
    public int run(ParseResult arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        List<String> names = Options.arguments(arguments);
        ProcNames.check(names, target.address());
        try (HostConnection host = dialer.dial(target)) {
            return ProcNames.forEach(
                    names, shell, name -> name + ": ready, pid " + host.spawn(name));
        }
    }
}
