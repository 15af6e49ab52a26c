package io.hyperactor.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Strict UTF-8, straight between a string and a part of an array: the JDK's own methods replace
/// what is malformed by a question mark, which would make two different texts equal.
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /// The number of bytes `text` takes.
    ///
    /// @throws EncodeException if it contains half a surrogate pair, or takes more than an array
    ///   can hold
    static int length(String text) {
        int chars = text.length();
        int bits = 0; // no early exit: without one the compiler unrolls the loop
        for (int i = 0; i < chars; i++) {
            bits |= text.charAt(i);
        }
        return bits < 0x80 ? chars : lengthBeyondAscii(text);
    }

    private static int lengthBeyondAscii(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                bytes++;
            } else {
                bytes += 2; // a pair is two chars and 4 bytes: the low half is skipped
                if (Character.isSurrogate(c)) {
                    checkPair(text, i++);
                }
            }
        }
        if (bytes > Integer.MAX_VALUE) {
            throw new EncodeException("text of " + bytes + " bytes");
        }
        return (int) bytes;
    }

    private static void checkPair(String text, int i) {
        if (!Character.isHighSurrogate(text.charAt(i))
                || i + 1 == text.length()
                || !Character.isLowSurrogate(text.charAt(i + 1))) {
            throw new EncodeException("text with half a surrogate pair at " + i);
        }
    }

    /// Writes `text`, whose [#length] is `length`, from `at` on.
    @SuppressWarnings(
            "deprecation") // drops the high byte of each char, which is right when all are ASCII
    static void encode(String text, int length, byte[] into, int at) {
        if (length == text.length()) {
            text.getBytes(0, length, into, at);
        } else {
            encodeBeyondAscii(text, into, at);
        }
    }

    private static void encodeBeyondAscii(String text, byte[] into, int at) {
        int p = at;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                into[p++] = (byte) c;
            } else if (c < 0x800) {
                into[p++] = (byte) (0xC0 | (c >> 6));
                into[p++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isSurrogate(c)) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                into[p++] = (byte) (0xF0 | (point >> 18));
                into[p++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                into[p++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                into[p++] = (byte) (0x80 | (point & 0x3F));
            } else {
                into[p++] = (byte) (0xE0 | (c >> 12));
                into[p++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                into[p++] = (byte) (0x80 | (c & 0x3F));
            }
        }
    }

    /// Whether `text`, decoded from these bytes by the JDK, is all that they say: only a text with
    /// a replacement character needs a second look.
    static boolean isExact(String text, byte[] from, int at, int length) {
        return text.indexOf(REPLACEMENT) < 0 || isValid(from, at, length);
    }

    private static boolean isValid(byte[] from, int at, int length) {
        try {
            // A fresh decoder reports errors, unlike Charset.decode.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(from, at, length));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
