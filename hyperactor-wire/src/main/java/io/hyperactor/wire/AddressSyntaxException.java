package io.hyperactor.wire;

/// A text that is not the address or id it should be.
///
/// The message is one line: the reason's fixed text, what was expected and found, where, and in
/// which text.
public final class AddressSyntaxException extends WireException {

    /// The class of an error; the fixed text starts the message.
    public enum Reason {
        /// There is no text.
        EMPTY("empty text"),
        /// A channel address without its scheme.
        NO_TRANSPORT("no channel type specified"),
        /// A channel address with a foreign scheme.
        UNKNOWN_TRANSPORT("no such channel type"),
        /// A host and port that are not well formed.
        SOCKET_ADDRESS("invalid socket address"),
        /// Something else where digits should be, or more than fits.
        NUMBER("invalid number"),
        /// A unix path that cannot be bound or that would blur the text around it.
        UNIX_PATH("invalid unix path"),
        /// A name of a proc or an actor.
        NAME("invalid name"),
        /// A well-formed id of another kind.
        KIND("wrong kind of id"),
        /// Something else than the separator or the end.
        TOKEN("unexpected token");

        private final String headline;

        Reason(String headline) {
            this.headline = headline;
        }
    }

    private final Reason reason;
    private final String text;
    private final int position;
    private final String expected;
    private final String found;

    /// @param found quoted when it is text, see [Quote]
    AddressSyntaxException(
            Reason reason, String text, int position, String expected, String found) {
        super(message(reason, text, position, expected, found), null);
        this.reason = reason;
        this.text = text;
        this.position = position;
        this.expected = expected;
        this.found = found;
    }

    private static String message(
            Reason reason, String text, int position, String expected, String found) {
        var headline = reason.headline;
        if (reason == Reason.UNKNOWN_TRANSPORT) {
            headline += ": " + found.substring(1, found.length() - 1);
        }
        return headline
                + (": expected " + expected + ", found " + found)
                + (" at " + position + " in " + Quote.of(text));
    }

    /// The same error, seen in the longer text that the failed one is the start of.
    AddressSyntaxException within(String longer) {
        return new AddressSyntaxException(reason, longer, position, expected, found);
    }

    /// The class of the error.
    public Reason reason() {
        return reason;
    }

    /// The whole text, as it was given.
    public String text() {
        return text;
    }

    /// The index in [#text()] of the first character that does not fit; its length when something
    /// is missing at the end.
    public int position() {
        return position;
    }

    /// What should be at [#position()], for people.
    public String expected() {
        return expected;
    }

    /// What is there instead, for people.
    public String found() {
        return found;
    }
}
