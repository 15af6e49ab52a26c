package io.hyperactor.wire;

import io.hyperactor.wire.AddressSyntaxException.Reason;

/// Decimal numbers within a text: digits only, no sign.
final class Digits {

    private Digits() {}

    /// Where the digits that start at `from` end.
    static int end(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    static long unsignedLong(String text, int from, int to) {
        checkDigits(text, from, to);
        try {
            return Long.parseUnsignedLong(text, from, to, 10);
        } catch (NumberFormatException e) {
            throw error(text, from, to, "a number below 2^64");
        }
    }

    static int positiveInt(String text, int from, int to) {
        checkDigits(text, from, to);
        try {
            return Integer.parseInt(text, from, to, 10);
        } catch (NumberFormatException e) {
            throw error(text, from, to, "a number below 2^31");
        }
    }

    private static void checkDigits(String text, int from, int to) {
        int end = Math.min(end(text, from), to);
        if (end < to || from == to) {
            throw error(text, end, to, "a digit");
        }
    }

    private static AddressSyntaxException error(String text, int from, int to, String expected) {
        int end = Math.max(to, Math.min(from + 1, text.length()));
        var found = from == end ? "the end" : Quote.of(text.substring(from, end));
        return new AddressSyntaxException(Reason.NUMBER, text, from, expected, found);
    }
}
