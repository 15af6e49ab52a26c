package io.hyperactor.cli;

/// Reads UTF-8 that may be broken anywhere.
final class Utf8 {
    private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};

    private Utf8() {}

    /// The character that starts at `index`, or -1 if no complete and valid one does. For bytes
    /// from 128 on.
    static int codePointAt(byte[] text, int index) {
        int lead = text[index] & 0xff;
        int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (length == 0 || index + length > text.length) {
            return -1;
        }
        int codePoint = lead & (0x7f >> length);
        for (int i = 1; i < length; i++) {
            if (!isContinuation(text[index + i])) {
                return -1;
            }
            codePoint = codePoint << 6 | (text[index + i] & 0x3f);
        }
        boolean valid =
                codePoint >= SMALLEST[length]
                        && codePoint <= Character.MAX_CODE_POINT
                        && (codePoint < Character.MIN_SURROGATE
                                || codePoint > Character.MAX_SURROGATE);
        return valid ? codePoint : -1;
    }

    /// How many bytes a character takes.
    static int length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /// Whether this byte can only be inside a character.
    static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }

    /// The last index in `text` at which it can be cut without splitting a character; its end if
    /// the last bytes are none.
    static int lastBoundary(byte[] text) {
        for (int back = 1; back <= 4 && back < text.length; back++) {
            if (!isContinuation(text[text.length - back])) {
                return text.length - back;
            }
        }
        return text.length;
    }
}
