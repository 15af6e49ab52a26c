package io.hyperactor.host;

import java.util.ArrayList;
import java.util.List;

/// What an error quotes of the output of a process that failed: enough to see why, in one line.
///
/// That is the last few lines that say what, and not only where: a JVM prints the frames of a stack
/// below the line that says what is wrong.
final class LastWords {
    private static final int LINES_MAX = 3;
    private static final int LINE_MAX_CHARS = 300;
    private static final String CUT = "…";
    private static final String BETWEEN = " | ";

    private LastWords() {}

    /// The words of a process whose last lines, escaped, are these. Empty if they say nothing.
    static String of(List<String> lines) {
        List<String> words = new ArrayList<>();
        for (String line : lines.reversed()) {
            if (words.size() < LINES_MAX && saysWhat(line)) {
                words.addFirst(cut(line.strip()));
            }
        }
        if (words.isEmpty() && !lines.isEmpty()) {
            words.add(cut(lines.getLast().strip()));
        }
        return String.join(BETWEEN, words);
    }

    private static boolean saysWhat(String line) {
        String text = line.strip();
        boolean indented = !text.isEmpty() && Character.isWhitespace(line.charAt(0));
        boolean frame = text.startsWith("at ") || text.startsWith("... ");
        return !text.isEmpty() && !(indented && frame);
    }

    /// A line, or as much of it as an error quotes.
    static String cut(String line) {
        if (line.length() <= LINE_MAX_CHARS) {
            return line;
        }
        boolean splitsPair = Character.isHighSurrogate(line.charAt(LINE_MAX_CHARS - 1));
        return line.substring(0, splitsPair ? LINE_MAX_CHARS - 1 : LINE_MAX_CHARS) + CUT;
    }
}
