package io.hyperactor.cli;

import java.util.Locale;

/// What a word is: the rule of `wc -w` of GNU coreutils, which depends on the locale.
///
/// A word begins at the first printable character after the start of the text or after white space,
/// and ends at the next white space. Bytes that are no printable character, be they control
/// characters or no valid encoding of anything, neither begin nor end a word.
///
/// White space is in every locale space, tab, line feed, vertical tab, form feed and carriage
/// return. (From version 9.5 on, `wc` lets any byte but white space begin a word. The two differ
/// for words that have no printable character at all.)
enum WordRule {
    /// As in the C locale: bytes from `!` to `~` are printable, those above 127 are not.
    ASCII,
    /// As in a UTF-8 locale: adds all assigned characters, and their white space, which includes
    /// the spaces that do not break a line.
    UTF8;

    /// The rule that `wc` follows where the encoding of the locale is `encoding`.
    static WordRule ofEncoding(String encoding) {
        return encoding.toUpperCase(Locale.ROOT).equals("UTF-8") ? UTF8 : ASCII;
    }

    /// The rule of the locale that this process was started in.
    static WordRule ofThisLocale() {
        return ofEncoding(System.getProperty("native.encoding", ""));
    }

    /// How many words begin in `text`, when `insideWord` says whether it begins inside one.
    long count(byte[] text, boolean insideWord) {
        return scan(text, insideWord) >>> 1;
    }

    /// Whether a text that directly follows `text` begins inside a word.
    boolean endsInsideWord(byte[] text, boolean insideWord) {
        return (scan(text, insideWord) & 1) != 0;
    }

    /// The number of words, and in the lowest bit whether the end is inside a word.
    private long scan(byte[] text, boolean insideWord) {
        long words = 0;
        boolean inside = insideWord;
        for (int i = 0; i < text.length; ) {
            int b = text[i];
            int length = 1;
            CharClass found;
            if (b >= 0) {
                found = CharClass.ofAscii(b);
            } else if (this == ASCII) {
                found = CharClass.OTHER;
            } else {
                int codePoint = Utf8.codePointAt(text, i);
                length = codePoint < 0 ? 1 : Utf8.length(codePoint);
                found = codePoint < 0 ? CharClass.OTHER : CharClass.ofUnicode(codePoint);
            }
            if (found == CharClass.PRINTABLE && !inside) {
                words++;
            }
            inside = found == CharClass.PRINTABLE || (inside && found == CharClass.OTHER);
            i += length;
        }
        return words << 1 | (inside ? 1 : 0);
    }
}
