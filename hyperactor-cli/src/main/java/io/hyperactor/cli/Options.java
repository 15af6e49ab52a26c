package io.hyperactor.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import java.util.List;

/// The options that several commands have.
final class Options {
    static final String HOST = "--host";
    static final String JSON = "--json";
    static final String ALL = "--all";

    private Options() {}

    /// A command with a line of help and the option `--help`.
    static CommandSpec command(String name, String... description) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage().description(description).sortOptions(false).abbreviateSynopsis(false);
        return spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .arity("0")
                        .description("Print this help.")
                        .build());
    }

    /// An option without a value.
    static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    /// An option with a value.
    static <T> OptionSpec value(String name, String label, Class<T> type, String... description) {
        return OptionSpec.builder(name)
                .type(type)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    /// The host that a command is for.
    static OptionSpec host() {
        return value(
                HOST,
                "ADDRESS",
                String.class,
                "The host's address, for example unix:/run/host.sock. Default: the variable"
                        + " HYPERACTOR_ADDRESS, else your own private socket.");
    }

    /// The value of [#host()], or null without.
    static @Nullable String host(ParseResult arguments) {
        return arguments.matchedOptionValue(HOST, null);
    }

    /// Arguments, at least `min`.
    static <T> PositionalParamSpec arguments(
            String label, Class<T> type, int min, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(type)
                .arity(min + "..*")
                .required(min > 0)
                .description(description)
                .build();
    }

    /// The arguments.
    static <T> List<T> arguments(ParseResult arguments) {
        return arguments.matchedPositionalValue(0, List.of());
    }
}
