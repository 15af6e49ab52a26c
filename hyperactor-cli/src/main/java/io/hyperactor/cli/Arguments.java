package io.hyperactor.cli;

import io.hyperactor.host.Durations;

import org.apache.commons.cli.CommandLine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a command line gives to a command, by the names of the options in its [CommandSpec].
final class Arguments {
    private final CommandLine parsed;

    Arguments(CommandLine parsed) {
        this.parsed = parsed;
    }

    /// Whether an option is given.
    boolean has(String option) {
        return parsed.hasOption(option);
    }

    /// The value of an option, if it is given.
    Optional<String> value(String option) {
        return Optional.ofNullable(parsed.getOptionValue(option));
    }

    /// All values of an option.
    List<String> values(String option) {
        String[] values = parsed.getOptionValues(option);
        return values == null ? List.of() : List.of(values);
    }

    /// The number that an option gives, if it is given.
    ///
    /// @throws CliException.Usage if that is no integer
    Optional<Integer> number(String option) {
        String text = parsed.getOptionValue(option);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.valueOf(text));
        } catch (NumberFormatException e) {
            throw new CliException.Usage(
                    "invalid value for option '" + option + "': '" + text + "' is not an int");
        }
    }

    /// The time that an option gives, if it is given.
    ///
    /// @throws CliException.Usage if that is no time
    Optional<Duration> duration(String option) {
        String text = parsed.getOptionValue(option);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Durations.parse(text));
        } catch (IllegalArgumentException e) {
            throw new CliException.Usage(option + ": " + e.getMessage());
        }
    }

    /// The arguments that are no options.
    List<String> positional() {
        return parsed.getArgList();
    }
}
