package io.hyperactor.host;

import java.util.ArrayList;
import java.util.List;

/// What an error quotes of the output of a process that failed: enough to see why, in one line.
///
/// That is the last few lines that are not indented: below the line that says what is wrong, a JVM
/// prints indented ones that only say where.
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
            if (words.size() < LINES_MAX
                    && !line.isEmpty()
                    && !Character.isWhitespace(line.charAt(0))) {
                words.addFirst(cut(line));
            }
        }
        if (words.isEmpty() && !lines.isEmpty()) {
            words.add(cut(lines.getLast().strip()));
        }
        return String.join(BETWEEN, words);
    }

    private static String cut(String line) {
        return line.length() <= LINE_MAX_CHARS ? line : line.substring(0, LINE_MAX_CHARS) + CUT;
    }
}
