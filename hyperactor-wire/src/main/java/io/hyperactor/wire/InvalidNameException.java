package io.hyperactor.wire;

/// A name of a proc or an actor that could not be told apart from the text around it.
public final class InvalidNameException extends WireException {

    private final String name;

    InvalidNameException(String kind, String name) {
        super("invalid " + kind + " name " + Quote.of(name) + ": expected " + Names.RULE, null);
        this.name = name;
    }

    /// The refused name, as it was given.
    public String name() {
        return name;
    }
}
