package io.hyperactor.host;

/// Text from a process nobody trusts, made safe to print: it can neither move a terminal's cursor
/// nor fake a line.
final class PrintableText {
    private PrintableText() {}

    /// Replaces control characters (C0 but for the tab, DEL, C1), line and paragraph separators and
    /// the marks that change the direction of text by `\x1b` or `\u202e`. Other text is returned as
    /// it is.
    static String escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUnsafe(text.charAt(i))) {
                return escapeFrom(text, i);
            }
        }
        return text;
    }

    private static String escapeFrom(String text, int first) {
        var escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isUnsafe(c)) {
                escaped.append(c);
            } else if (c < 0x100) {
                escaped.append("\\x%02x".formatted((int) c));
            } else {
                escaped.append("\\u%04x".formatted((int) c));
            }
        }
        return escaped.toString();
    }

    private static boolean isUnsafe(char c) {
        if (c < 0xa0) {
            return c < ' ' ? c != '\t' : c >= 0x7f;
        }
        return c == '\u061c' // Arabic letter mark
                || (c >= '\u200e' && c <= '\u200f') // left-to-right and right-to-left marks
                || (c >= '\u2028' && c <= '\u202e') // separators, embeddings and overrides
                || (c >= '\u2066' && c <= '\u2069'); // isolates
    }
}
