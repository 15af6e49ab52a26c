package io.hyperactor.cli;

import java.util.List;

/// `hyperactor ask [--host ADDRESS] NAME`
final class AskCommand implements Command {
    private final HostConnection.Dialer dialer;

    AskCommand(HostConnection.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public String name() {
        return "ask";
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(
                        CommandSpec.of(
                                name(),
                                "Asks the echo actor of a proc and prints the id it answers."))
                .argument("NAME", "The name of the proc.");
    }

    @Override
    public int run(Arguments arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        String name = arguments.positional().getFirst();
        ProcNames.check(List.of(name), target.address());
        try (HostConnection host = dialer.dial(target)) {
            shell.result(host.echo(name));
        }
        return ExitCode.DONE;
    }
}
