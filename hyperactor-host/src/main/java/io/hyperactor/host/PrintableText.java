package io.hyperactor.host;

import java.util.HexFormat;

/// Text from a process nobody trusts, made safe to print: it can neither move a terminal's cursor
/// nor fake a line.
final class PrintableText {
    private static final HexFormat HEX = HexFormat.of();

    private PrintableText() {}

    /// Replaces control characters (C0 but for the tab, DEL, C1), line and paragraph separators,
    /// the marks that change the direction of text, and halves of surrogate pairs by `\x1b` or
    /// `\u202e`. Other text is returned as it is, and so is what this has returned.
    static String escape(String text) {
        return escape(text, false);
    }

    /// The same, but line feeds stay: for text of several lines.
    static String escapeLines(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean lines) {
        for (int i = 0; i < text.length(); i++) {
            if (isUnsafe(text, i, lines)) {
                return escapeFrom(text, i, lines);
            }
        }
        return text;
    }

    private static String escapeFrom(String text, int first, boolean lines) {
        var escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isUnsafe(text, i, lines)) {
                escaped.append(c);
            } else if (c < 0x100) {
                escaped.append("\\x").append(HEX.toHexDigits((byte) c));
            } else {
                escaped.append("\\u").append(HEX.toHexDigits(c));
            }
        }
        return escaped.toString();
    }

    private static boolean isUnsafe(String text, int at, boolean lines) {
        char c = text.charAt(at);
        if (c < 0xa0) {
            return c < ' ' ? c != '\t' && !(lines && c == '\n') : c >= 0x7f;
        }
        if (Character.isSurrogate(c)) {
            return !isPaired(text, at);
        }
        return c == '\u061c' // Arabic letter mark
                || (c >= '\u200e' && c <= '\u200f') // left-to-right and right-to-left marks
                || (c >= '\u2028' && c <= '\u202e') // separators, embeddings and overrides
                || (c >= '\u2066' && c <= '\u2069'); // isolates
    }

    private static boolean isPaired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
