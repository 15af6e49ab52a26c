package io.hyperactor.wire;

/// Puts foreign text into a message: on one line, of bounded length, without control characters.
final class Quote {

    private static final int CHARS_MAX = 200;

    private Quote() {}

    static String of(String text) {
        var out = new StringBuilder(Math.min(text.length(), CHARS_MAX) + 2).append('\'');
        for (int i = 0; i < text.length(); i++) {
            if (i == CHARS_MAX) {
                return out.append("'...").toString();
            }
            append(out, text.charAt(i));
        }
        return out.append('\'').toString();
    }

    private static void append(StringBuilder out, char c) {
        if (Character.isISOControl(c)
                || Character.isSurrogate(c)
                || c == '\u2028'
                || c == '\u2029') {
            out.append("\\u").append(Character.forDigit(c >> 12, 16));
            out.append(Character.forDigit(c >> 8 & 15, 16));
            out.append(Character.forDigit(c >> 4 & 15, 16));
            out.append(Character.forDigit(c & 15, 16));
        } else {
            out.append(c);
        }
    }
}
