package io.hyperactor.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import java.util.List;

/// `hyperactor ask [--host ADDRESS] NAME`
final class AskCommand implements Command {
    private final HostConnection.Dialer dialer;

    AskCommand(HostConnection.Dialer dialer) {
        this.dialer = dialer;
    }

    @Override
    public CommandSpec spec() {
        return HostTarget.addTo(
                        Options.command(
                                "ask",
                                "Asks the echo actor of a proc and prints the id it answers."))
                .addPositional(
                        PositionalParamSpec.builder()
                                .paramLabel("NAME")
                                .type(String.class)
                                .arity("1")
                                .required(true)
                                .index("0")
                                .description("The name of the proc.")
                                .build());
    }

    @Override
    public int run(ParseResult arguments, Shell shell) throws InterruptedException {
        HostTarget target = HostTarget.of(arguments, shell);
        String name = arguments.matchedPositionalValue(0, "");
        ProcNames.check(List.of(name), target.address());
        try (HostConnection host = dialer.dial(target)) {
            shell.result(host.echo(name));
        }
        return ExitCode.DONE;
    }
}
