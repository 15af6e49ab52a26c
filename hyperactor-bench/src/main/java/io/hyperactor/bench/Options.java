package io.hyperactor.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the command line asks for.
///
/// @param suites in the order asked for; all if none was named
/// @param quick whether it is only to be seen that everything works
/// @param only runs just the cases whose name contains this; empty for all
/// @param runs how often all of it is measured
/// @param patience how long to wait, all together, for the machine to have nothing else to do
/// @param from JSON of earlier runs to be shown instead of measuring; a later file wins
/// @param json where to write the results as JSON
/// @param markdown where to write the table for the documentation
/// @param charts a folder for the charts
record Options(
        List<Suite> suites,
        boolean quick,
        String only,
        int runs,
        Duration patience,
        List<Path> from,
        Optional<Path> json,
        Optional<Path> markdown,
        Optional<Path> charts) {
    /// The system property with the source tree, set by the script that starts this.
    static final String HOME = "hyperactor.home";

    static final String USAGE =
            """
            Usage: hyperactor bench [--suite NAME]... [--case TEXT] [--quick] [--runs N]
                                    [--patience SECONDS] [--from FILE]...
                                    [--json FILE] [--markdown FILE] [--charts DIR]
              --suite NAME  one of %s;
                            may be repeated; all if not given
              --case TEXT   only cases whose name contains TEXT
              --quick       little of everything, to see that it works: the figures mean nothing
              --runs N      measures everything N times, one after the other, and says where
                            the runs do not agree; default 1
              --patience SECONDS
                            waits up to so long, all together, for other programs to leave
                            the processors alone, and repeats what they disturbed; default 0
              --from FILE   measures nothing, but shows what an earlier run wrote as JSON;
                            may be repeated, and a later file wins
              --json FILE   where the results go; default bench.json in hyperactor-bench/target,
                            or bench-quick.json there with --quick. What is there of other cases
                            stays
              --markdown FILE
                            writes the table for the documentation there
              --charts DIR  draws charts into this folder\
            """
                    .formatted(names());

    Options {
        suites = List.copyOf(suites);
        from = List.copyOf(from);
    }

    /// @throws IllegalArgumentException with a message for people
    static Options parse(String... arguments) {
        Parser parser = new Parser();
        Iterator<String> rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            parser.option(rest.next(), rest);
        }
        return parser.options();
    }

    /// Whether a case is asked for.
    boolean wants(Case each) {
        return each.name().contains(only);
    }

    /// Reads one option after the other.
    private static final class Parser {
        private final List<Suite> suites = new ArrayList<>();
        private final List<Path> from = new ArrayList<>();
        private boolean quick;
        private String only = "";
        private int runs = 1;
        private Duration patience = Duration.ZERO;
        private Optional<Path> json = Optional.empty();
        private Optional<Path> markdown = Optional.empty();
        private Optional<Path> charts = Optional.empty();

        void option(String option, Iterator<String> rest) {
            switch (option) {
                case "--suite" -> suites.add(suite(value(option, rest)));
                case "--case" -> only = value(option, rest);
                case "--quick" -> quick = true;
                case "--runs" -> runs = Math.max(1, number(option, value(option, rest)));
                case "--patience" ->
                        patience = Duration.ofSeconds(number(option, value(option, rest)));
                case "--from" -> from.add(Path.of(value(option, rest)));
                case "--json" -> json = Optional.of(Path.of(value(option, rest)));
                case "--markdown" -> markdown = Optional.of(Path.of(value(option, rest)));
                case "--charts" -> charts = Optional.of(Path.of(value(option, rest)));
                default -> throw new IllegalArgumentException("unknown option '" + option + "'");
            }
        }

        Options options() {
            return new Options(
                    suites.isEmpty() ? List.of(Suite.values()) : suites,
                    quick,
                    only,
                    runs,
                    patience,
                    from,
                    json.or(this::usualJson),
                    markdown,
                    charts);
        }

        /// Nothing was measured, or nobody said where the source tree is: then none.
        private Optional<Path> usualJson() {
            return from.isEmpty()
                    ? Optional.ofNullable(System.getProperty(HOME))
                            .map(home -> Path.of(home, "hyperactor-bench/target", usualName()))
                    : Optional.empty();
        }

        private String usualName() {
            return quick ? "bench-quick.json" : "bench.json";
        }

        private static String value(String option, Iterator<String> rest) {
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            return rest.next();
        }

        private static int number(String option, String text) {
            try {
                return Integer.parseUnsignedInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        option + " needs a number, not '" + text + "'", e);
            }
        }

        private static Suite suite(String name) {
            return Arrays.stream(Suite.values())
                    .filter(suite -> suite.title().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "unknown suite '" + name + "', not one of " + names()));
        }
    }

    private static String names() {
        return Arrays.stream(Suite.values()).map(Suite::title).collect(Collectors.joining(", "));
    }
}
