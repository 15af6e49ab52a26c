package io.hyperactor.cli;

import io.hyperactor.host.Durations;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

    /// An option with a value that can be given several times.
    static OptionSpec values(String name, String label, String... description) {
        return OptionSpec.builder(name)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    /// The values of such an option.
    static List<String> values(ParseResult arguments, String name) {
        return arguments.matchedOptionValue(name, List.of());
    }

    /// An option with a time.
    static OptionSpec duration(String name, String... description) {
        return value(name, "TIME", String.class, description);
    }

    /// The value of such an option, if it is given.
    ///
    /// @throws CliException.Usage if that is no time
    static Optional<Duration> duration(ParseResult arguments, String name) {
        String text = arguments.matchedOptionValue(name, null);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Durations.parse(text));
        } catch (IllegalArgumentException e) {
            throw new CliException.Usage(name + ": " + e.getMessage());
        }
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
