package io.hyperactor.cli;

/// What a character means to the counting of words.
enum CharClass {
    /// Ends a word.
    SPACE,
    /// Begins a word or goes on with it.
    PRINTABLE,
    /// Neither.
    OTHER;

    private static final int ASCII_CHARS = 128;
    private static final CharClass[] ASCII = new CharClass[ASCII_CHARS];

    static {
        for (int c = 0; c < ASCII_CHARS; c++) {
            if (isAsciiSpace(c)) {
                ASCII[c] = SPACE;
            } else {
                ASCII[c] = c > ' ' && c <= '~' ? PRINTABLE : OTHER;
            }
        }
    }

    /// Whether this byte is white space in every locale.
    static boolean isAsciiSpace(int b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    /// The class of a character below 128.
    static CharClass ofAscii(int c) {
        return ASCII[c];
    }

    /// The class of a character from 128 on, as the C library sees it.
    static CharClass ofUnicode(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR -> SPACE;
            case Character.UNASSIGNED,
                    Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    OTHER;
            default -> codePoint == WORD_JOINER ? SPACE : PRINTABLE;
        };
    }

    /// `wc` counts it among the spaces that do not break a line.
    private static final int WORD_JOINER = 0x2060;
}
