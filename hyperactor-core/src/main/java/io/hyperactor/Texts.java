package io.hyperactor;

/// Bounded one-line texts for logs and failure reports.
final class Texts {
    private static final int MAX_CHARS = 1024;

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

    static String bounded(String text) {
        String line = text.replace('\n', ' ').replace('\r', ' ');
        if (line.length() <= MAX_CHARS) {
            return line;
        }
        boolean cutsInTwo = Character.isHighSurrogate(line.charAt(MAX_CHARS - 1));
        return line.substring(0, cutsInTwo ? MAX_CHARS - 1 : MAX_CHARS) + "...";
    }
}
