package io.hyperactor.wire;

/// The identity of a proc, an actor or a port: a value with a text form.
///
/// | Text | Id |
/// |---|---|
/// | `unix:/run/a.sock,worker-1` | [ProcId] |
/// | `unix:/run/a.sock,worker-1,counter[0]` | [ActorId] |
/// | `unix:/run/a.sock,worker-1,counter[0][7]` | [PortId] |
///
/// Ids are equal when all their parts are; an id says nothing about which incarnation of a name is
/// meant.
public sealed interface Id permits ProcId, ActorId, PortId {

    /// Parses an id of whatever kind `text` is. A text that starts like a port but is malformed is
    /// an error, never an actor, and so on.
    ///
    /// @throws AddressSyntaxException if it is none
    static Id parse(String text) {
        return IdParser.parse(text).id();
    }

    /// The proc it is, or is in.
    ProcId proc();

    /// Whether `other` is this or within it: a proc contains its actors and their ports, an actor
    /// its ports.
    boolean isPrefixOf(Id other);

    /// The canonical text, for [#parse].
    @Override
    String toString();
}
