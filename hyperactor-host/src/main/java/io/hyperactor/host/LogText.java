package io.hyperactor.host;

import java.io.PrintWriter;
import java.io.Writer;

/// Text of bounded length, from values that may be hostile.
final class LogText {
    private static final int MARK_MAX_CHARS = 40;

    private LogText() {}

    /// The text, or its start and a mark if it is longer than `maxChars` and a mark. Doing it again
    /// changes nothing.
    static String cut(String text, int maxChars) {
        if (text.length() <= maxChars + MARK_MAX_CHARS) {
            return text;
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(maxChars - 1));
        int kept = splitsPair ? maxChars - 1 : maxChars;
        return text.substring(0, kept) + " [" + (text.length() - kept) + " more characters]";
    }

    /// What an object says of itself; if it cannot, that it cannot.
    static String of(Object value) {
        try {
            return String.valueOf(value);
        } catch (Throwable t) { // whatever it is, it must not reach who logs
            return "[toString of " + value.getClass().getName() + " failed]";
        }
    }

    /// The stack trace of a failure, with its causes. Stops when it is long enough.
    static String of(Throwable failure, int maxChars) {
        var text = new StringBuilder();
        try (var out = new PrintWriter(new Bounded(text, maxChars))) {
            failure.printStackTrace(out);
        } catch (Throwable t) { // it is long, or one of its messages failed
            if (text.length() < maxChars) {
                text.append("[stack trace of ").append(failure.getClass().getName());
                text.append(" failed]");
            }
        }
        return cut(text.toString(), maxChars).stripTrailing();
    }

    /// Throws when it is full: only so a stack trace of a million causes comes to an end.
    private static final class Bounded extends Writer {
        private final StringBuilder text;
        private final int maxChars;

        Bounded(StringBuilder text, int maxChars) {
            this.text = text;
            this.maxChars = maxChars;
        }

        @Override
        public void write(char[] chars, int offset, int length) {
            text.append(chars, offset, Math.min(length, maxChars + 1));
            if (text.length() > maxChars) {
                throw new IllegalStateException("full");
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
