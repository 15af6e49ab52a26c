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
/// @param patience how long to wait, all together, for the machine to have nothing else to do
/// @param json where to write the results as JSON
record Options(
        List<Suite> suites, boolean quick, String only, Duration patience, Optional<Path> json) {
    static final String USAGE =
            """
            Usage: Bench [--suite NAME]... [--case TEXT] [--quick]
                         [--patience SECONDS] [--json FILE]
              --suite NAME  one of %s; may be repeated; all if not given
              --case TEXT   only cases whose name contains TEXT
              --quick       little of everything, to see that it works: the figures mean nothing
              --patience SECONDS
                            waits up to so long, all together, for other programs to leave
                            the processors alone, and repeats what they disturbed; default 0
              --json FILE   writes the results there, too\
            """
                    .formatted(names());

    Options {
        suites = List.copyOf(suites);
    }

    /// @throws IllegalArgumentException with a message for people
    static Options parse(String... arguments) {
        List<Suite> suites = new ArrayList<>();
        boolean quick = false;
        String only = "";
        Duration patience = Duration.ZERO;
        Optional<Path> json = Optional.empty();
        Iterator<String> rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--suite" -> suites.add(suite(value(option, rest)));
                case "--case" -> only = value(option, rest);
                case "--quick" -> quick = true;
                case "--patience" -> patience = seconds(option, value(option, rest));
                case "--json" -> json = Optional.of(Path.of(value(option, rest)));
                default -> throw new IllegalArgumentException("unknown option '" + option + "'");
            }
        }
        return new Options(
                suites.isEmpty() ? List.of(Suite.values()) : suites, quick, only, patience, json);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }

    private static Duration seconds(String option, String text) {
        try {
            return Duration.ofSeconds(Integer.parseUnsignedInt(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is not in seconds: '" + text + "'", e);
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

    private static String names() {
        return Arrays.stream(Suite.values()).map(Suite::title).collect(Collectors.joining(", "));
    }
}
