package io.hyperactor;

/// Bounded one-line texts for logs and failure reports.
final class Texts {
    static final int MAX_CHARS = 1024;
    private static final String MORE = "...";

    /// Stands for what is no character.
    private static final char REPLACEMENT = '\uFFFD';

    private Texts() {}

    /// The throwable's class and message on one line. A throwable whose own methods throw is named
    /// by class only: user code must not be able to break failure handling.
    static String describe(Throwable t) {
        String name = t.getClass().getName();
        try {
            String message = t.getMessage();
            return bounded(message == null ? name : name + ": " + message);
        } catch (Throwable hostile) {
            return name + " (its message could not be read)";
        }
    }

    /// The text on one line, cut if it is longer, and such that it can be encoded: without halves
    /// of surrogate pairs. Doing it again changes nothing, for it is done again where it arrives.
    static String bounded(String text) {
        return encodable(cut(text).replace('\n', ' ').replace('\r', ' '));
    }

    private static String cut(String text) {
        if (text.length() <= MAX_CHARS + MORE.length()) {
            return text;
        }
        boolean cutsInTwo = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1));
        return text.substring(0, cutsInTwo ? MAX_CHARS - 1 : MAX_CHARS) + MORE;
    }

    private static String encodable(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (Character.isSurrogate(line.charAt(i))) {
                int[] points = line.codePoints().map(Texts::encodable).toArray();
                return new String(points, 0, points.length);
            }
        }
        return line;
    }

    private static int encodable(int point) {
        boolean isHalf = Character.getType(point) == Character.SURROGATE;
        return isHalf ? REPLACEMENT : point;
    }
}
