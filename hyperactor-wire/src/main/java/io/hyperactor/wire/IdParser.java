package io.hyperactor.wire;

import io.hyperactor.wire.AddressSyntaxException.Reason;

/// Reads ids from left to right: each part is either there and well formed, or the text ends before
/// it.
final class IdParser {

    private final String text;

    private IdParser(String text) {
        this.text = text;
    }

    /// An id, and where it would have ended if it were of a less specific kind (or the end).
    record Parsed(String text, Id id, int procEnd, int actorEnd) {
        ProcId proc() {
            if (id instanceof ProcId proc) {
                return proc;
            }
            throw wrong("a proc", procEnd);
        }

        ActorId actor() {
            if (id instanceof ActorId actor) {
                return actor;
            }
            throw wrong("an actor", actorEnd);
        }

        PortId port() {
            if (id instanceof PortId port) {
                return port;
            }
            throw wrong("a port", text.length());
        }

        private AddressSyntaxException wrong(String expected, int position) {
            var found =
                    switch (id) {
                        case ProcId _ -> "of a proc";
                        case ActorId _ -> "of an actor";
                        case PortId _ -> "of a port";
                    };
            return new AddressSyntaxException(
                    Reason.KIND, text, position, "the id of " + expected, "one " + found);
        }
    }

    static Parsed parse(String text) {
        return new IdParser(text).id();
    }

    private Parsed id() {
        if (text.isEmpty()) {
            throw error(Reason.EMPTY, 0, "an id", 0);
        }
        int comma = text.indexOf(',');
        if (comma < 0) {
            throw error(Reason.TOKEN, text.length(), "','", text.length());
        }
        var address = address(comma);
        int procEnd = end(comma + 1, ',');
        var proc = new ProcId(address, name("proc", comma + 1, procEnd));
        if (procEnd == text.length()) {
            return new Parsed(text, proc, procEnd, procEnd);
        }
        int nameEnd = end(procEnd + 1, '[');
        var name = name("actor", procEnd + 1, nameEnd);
        if (nameEnd == text.length()) {
            return new Parsed(text, proc.actor(name, 0), procEnd, nameEnd);
        }
        int pidEnd = Digits.end(text, nameEnd + 1);
        var actor = proc.actor(name, Digits.positiveInt(text, nameEnd + 1, pidEnd));
        int actorEnd = token(pidEnd, ']');
        if (actorEnd == text.length()) {
            return new Parsed(text, actor, procEnd, actorEnd);
        }
        return new Parsed(text, port(actor, token(actorEnd, '[')), procEnd, actorEnd);
    }

    private ChannelAddress address(int end) {
        try {
            return ChannelAddress.parse(text.substring(0, end));
        } catch (AddressSyntaxException e) {
            throw e.within(text);
        }
    }

    private PortId port(ActorId actor, int from) {
        int end = Digits.end(text, from);
        var port = actor.port(Digits.unsignedLong(text, from, end));
        boolean isTyped = end < text.length() && text.charAt(end) == '<';
        int close = isTyped ? type(end) : end;
        int after = token(close, ']');
        if (after != text.length()) {
            throw error(Reason.TOKEN, after, "the end", text.length());
        }
        return port;
    }

    /// The type may contain brackets of both kinds, but it is the last thing in the text.
    private int type(int open) {
        int close = text.length() - 2;
        if (close <= open + 1 || text.charAt(close) != '>') {
            throw error(Reason.TOKEN, text.length(), "a type name and '>]'", text.length());
        }
        return close + 1;
    }

    private String name(String kind, int from, int end) {
        var name = text.substring(from, end);
        int bad = Names.firstBad(name);
        if (bad >= 0) {
            int at = from + bad;
            throw error(Reason.NAME, at, "the name of a " + kind + ", " + Names.RULE, at + 1);
        }
        return name;
    }

    private int end(int from, char separator) {
        int end = text.indexOf(separator, from);
        return end < 0 ? text.length() : end;
    }

    /// Where it goes on after a character that must be there.
    private int token(int at, char expected) {
        if (at == text.length() || text.charAt(at) != expected) {
            throw error(Reason.TOKEN, at, "'" + expected + "'", at + 1);
        }
        return at + 1;
    }

    private AddressSyntaxException error(Reason reason, int at, String expected, int foundEnd) {
        int end = Math.min(foundEnd, text.length());
        var found = at >= end ? "the end" : Quote.of(text.substring(at, end));
        return new AddressSyntaxException(reason, text, at, expected, found);
    }
}
