package io.hyperactor.wire;

/// The names that procs and actors may have.
///
/// They never contain what separates them in an id's text (comma, brackets, angle brackets), nor a
/// blank, `@`, `/` or `:`, so that they can stand in file names, command lines and URLs as they
/// are.
final class Names {

    static final int CHARS_MAX = 63;
    static final String RULE =
            "1 to " + CHARS_MAX + " of A-Z a-z 0-9 _ . -, the first a letter, digit or _";

    private Names() {}

    static String check(String kind, String name) {
        if (firstBad(name) >= 0) {
            throw new InvalidNameException(kind, name);
        }
        return name;
    }

    /// The index of the first character that cannot be there (the length if the name is empty, the
    /// limit if it is too long), or -1 for a good name.
    static int firstBad(String name) {
        if (name.isEmpty()) {
            return 0;
        }
        int checked = Math.min(name.length(), CHARS_MAX);
        for (int i = 0; i < checked; i++) {
            char c = name.charAt(i);
            if (!isWordChar(c) && (i == 0 || (c != '.' && c != '-'))) {
                return i;
            }
        }
        return name.length() > CHARS_MAX ? CHARS_MAX : -1;
    }

    static boolean isWordChar(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_';
    }
}
