package io.hyperactor.cli;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a command takes: its options, its arguments, and the help on them.
///
/// Every command has the option `--help`. An option is named in full, with two dashes or by its
/// letter, and given once unless [#values] declares it.
final class CommandSpec {
    static final String JSON = "--json";
    static final String ALL = "--all";

    private static final String HELP = "--help";
    private static final String HELP_LETTER = "-h";
    private static final String END_OF_OPTIONS = "--";

    /// The arguments that are no options.
    ///
    /// @param label what help calls one of them
    /// @param min how many there have to be
    /// @param max how many there may be
    record Positional(String label, int min, int max, String description) {
        private static final Positional NONE = new Positional("", 0, 0, "");
    }

    /// The parser takes long options with one dash as well, unless it is told that there is none.
    private static final class TwoDashes extends Options {
        private static final long serialVersionUID = 1;

        @Override
        public boolean hasShortOption(String name) {
            return name.length() == 1 && super.hasShortOption(name);
        }

        @Override
        public boolean hasLongOption(String name) {
            return name.startsWith(END_OF_OPTIONS) && super.hasLongOption(name);
        }
    }

    private final String name;
    private final List<String> description;
    private final Options options = new TwoDashes();
    private final Set<String> repeatable = new HashSet<>();
    private Positional positional = Positional.NONE;

    private CommandSpec(String name, List<String> description) {
        this.name = name;
        this.description = description;
    }

    /// A command, or the program.
    ///
    /// @param description paragraphs, the first of them one sentence
    static CommandSpec of(String name, String... description) {
        return new CommandSpec(name, List.of(description))
                .flag(HELP_LETTER, HELP, "Print this help.");
    }

    /// Adds an option without a value.
    CommandSpec flag(String option, String description) {
        return add(null, option, null, description);
    }

    /// Adds an option without a value that has a letter too.
    CommandSpec flag(String letter, String option, String description) {
        return add(letter, option, null, description);
    }

    /// Adds an option with a value, which help calls `label`.
    CommandSpec value(String option, String label, String description) {
        return add(null, option, label, description);
    }

    /// Adds an option with a value that has a letter too.
    CommandSpec value(String letter, String option, String label, String description) {
        return add(letter, option, label, description);
    }

    /// Adds an option with a value that can be given several times.
    CommandSpec values(String option, String label, String description) {
        repeatable.add(option);
        return add(null, option, label, description);
    }

    /// Adds an option with a time.
    CommandSpec duration(String option, String description) {
        return value(option, "TIME", description);
    }

    /// Takes one argument, and always that; without this or the next two, none.
    CommandSpec argument(String label, String description) {
        positional = new Positional(label, 1, 1, description);
        return this;
    }

    /// Takes one argument, or none.
    CommandSpec optionalArgument(String label, String description) {
        positional = new Positional(label, 0, 1, description);
        return this;
    }

    /// Takes `min` arguments or more.
    CommandSpec arguments(String label, int min, String description) {
        positional = new Positional(label, min, Integer.MAX_VALUE, description);
        return this;
    }

    private CommandSpec add(
            @Nullable String letter, String option, @Nullable String label, String description) {
        Option.Builder builder =
                letter == null ? Option.builder() : Option.builder(letter.substring(1));
        builder.longOpt(option.substring(END_OF_OPTIONS.length())).desc(description);
        if (label != null) {
            builder.hasArg().argName(label);
        }
        options.addOption(builder.get());
        return this;
    }

    String name() {
        return name;
    }

    List<String> description() {
        return description;
    }

    Collection<Option> options() {
        return options.getOptions();
    }

    Positional positional() {
        return positional;
    }

    boolean isRepeatable(Option option) {
        return repeatable.contains(END_OF_OPTIONS + option.getLongOpt());
    }

    /// Matches the words after the name of the command.
    ///
    /// @return what they give, or empty if they ask for help, be they right or wrong otherwise
    /// @throws CliException.Usage if the command does not take them
    Optional<Arguments> parse(List<String> words) {
        try {
            CommandLine parsed =
                    DefaultParser.builder()
                            .setAllowPartialMatching(false)
                            .setStripLeadingAndTrailingQuotes(false)
                            .get()
                            .parse(options, words.toArray(new String[0]));
            if (parsed.hasOption(HELP)) {
                return Optional.empty();
            }
            checkOnce(parsed);
            checkCount(parsed.getArgList());
            return Optional.of(new Arguments(parsed));
        } catch (ParseException e) {
            if (asksForHelp(words)) {
                return Optional.empty();
            }
            throw new CliException.Usage(describe(e));
        }
    }

    private static boolean asksForHelp(List<String> words) {
        int end = words.indexOf(END_OF_OPTIONS);
        List<String> options = end < 0 ? words : words.subList(0, end);
        return options.contains(HELP) || options.contains(HELP_LETTER);
    }

    private void checkOnce(CommandLine parsed) {
        Set<String> seen = new HashSet<>();
        for (Option option : parsed.getOptions()) {
            if (!seen.add(option.getLongOpt()) && !isRepeatable(option)) {
                throw new CliException.Usage(
                        "option '--" + option.getLongOpt() + "' can be given only once");
            }
        }
    }

    private void checkCount(List<String> arguments) {
        if (arguments.size() > positional.max()) {
            throw new CliException.Usage(
                    "unexpected argument '" + arguments.get(positional.max()) + "'");
        }
        if (arguments.size() < positional.min()) {
            throw new CliException.Usage(
                    "missing required parameter: '" + positional.label() + "'");
        }
    }

    private String describe(ParseException e) {
        if (e instanceof MissingArgumentException missing) {
            Option option = missing.getOption();
            return "missing required parameter for option '--"
                    + option.getLongOpt()
                    + "' ("
                    + option.getArgName()
                    + ")";
        }
        if (e instanceof UnrecognizedOptionException unknown) {
            String word = unknown.getOption();
            int end = word.indexOf('=');
            return end > 0 && options.hasLongOption(word.substring(0, end))
                    ? "option '" + word.substring(0, end) + "' takes no value"
                    : "unknown option: '" + word + "'";
        }
        return String.valueOf(e.getMessage());
    }
}
