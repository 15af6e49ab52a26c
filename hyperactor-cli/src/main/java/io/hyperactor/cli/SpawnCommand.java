package io.hyperactor.cli;

import java.util.List;

/// `hyperactor spawn [--host ADDRESS] NAME...`
final class SpawnCommand implements Command {
    private final HostConnection.Dialer dialer;

    SpawnCommand(HostConnection.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public String name() {
        return "spawn";
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(
                        CommandSpec.of(name(), "Spawns procs and waits until each is ready."))
                .arguments("NAME", 1, "The names of the procs.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        List<String> names = arguments.positional();
        ProcNames.check(names, target.address());
        try (HostConnection host = dialer.dial(target)) {
            return ProcNames.forEach(
                    names, shell, name -> name + ": ready, pid " + host.spawn(name));
        }
    }
}
