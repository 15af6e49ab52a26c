package io.hyperactor.cli;

import org.apache.commons.cli.Option;

import java.util.ArrayList;
import java.util.List;

/// The help on a command, in lines of 80 columns at most.
final class HelpText {
    private static final int WIDTH = 80;
    private static final int LEFT_MAX = 26; // what is wider has a line of its own
    private static final String INDENT = "  ";

    /// A name and what there is to say of it.
    ///
    /// @param left the name
    /// @param right sentences
    record Row(String left, String right) {}

    private final List<String> lines = new ArrayList<>();

    /// How a command is used, what it does, and what each argument and option is.
    ///
    /// @param command as it is typed
    /// @param more what follows it
    HelpText(String command, CommandSpec spec, String... more) {
        List<String> synopsis = synopsis(spec);
        synopsis.addAll(List.of(more));
        wrap("Usage: " + command + " ", synopsis);
        for (String paragraph : spec.description()) {
            wrap("", words(paragraph));
        }
        List<Row> rows = new ArrayList<>();
        if (spec.positional().max() > 0) {
            rows.add(
                    new Row("    " + synopsis(spec.positional()), spec.positional().description()));
        }
        for (Option option : spec.options()) {
            String letter = option.getOpt() == null ? "    " : "-" + option.getOpt() + ", ";
            rows.add(new Row(letter + name(option), option.getDescription()));
        }
        rows(rows);
    }

    /// Adds a line as it is.
    HelpText line(String line) {
        lines.add(line);
        return this;
    }

    /// Adds rows of two columns.
    HelpText rows(List<Row> rows) {
        int width = 0;
        for (Row row : rows) {
            width = Math.max(width, row.left().length() > LEFT_MAX ? 0 : row.left().length());
        }
        for (Row row : rows) {
            String left = INDENT + row.left();
            String padding = " ".repeat(Math.max(0, width - row.left().length()));
            if (row.left().length() > LEFT_MAX) {
                lines.add(left);
                left = "";
                padding = " ".repeat(INDENT.length() + width);
            }
            wrap(left + padding + INDENT, words(row.right()));
        }
        return this;
    }

    /// The lines so far.
    List<String> lines() {
        return List.copyOf(lines);
    }

    /// Lines of words, the first after `start` and the others below its end.
    private void wrap(String start, List<String> words) {
        var line = new StringBuilder(start);
        boolean first = true;
        for (String word : words) {
            if (!first && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(start.length()));
                first = true;
            }
            line.append(first ? "" : " ").append(word);
            first = false;
        }
        lines.add(line.toString().stripTrailing());
    }

    private static List<String> words(String text) {
        return List.of(text.split(" ", -1));
    }

    private static List<String> synopsis(CommandSpec spec) {
        List<String> words = new ArrayList<>();
        for (Option option : spec.options()) {
            String name = option.getOpt() == null ? name(option) : letter(option);
            words.add("[" + name + "]" + (spec.isRepeatable(option) ? "..." : ""));
        }
        if (spec.positional().max() > 0) {
            words.add(synopsis(spec.positional()));
        }
        return words;
    }

    private static String letter(Option option) {
        return "-" + option.getOpt() + (option.hasArg() ? " " + option.getArgName() : "");
    }

    private static String name(Option option) {
        return "--" + option.getLongOpt() + (option.hasArg() ? "=" + option.getArgName() : "");
    }

    private static String synopsis(CommandSpec.Positional positional) {
        String all = positional.label() + (positional.max() > 1 ? "..." : "");
        return positional.min() > 0 ? all : "[" + all + "]";
    }
}
