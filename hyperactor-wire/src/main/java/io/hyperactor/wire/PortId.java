package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// The identity of a port: its actor, and an index whose top bits say which of three kinds it is.
///
/// | Top bits | Port | The rest |
/// |---|---|---|
/// | `0` | ephemeral: opened at run time | a running number |
/// | `10` | handler: takes the messages of the actor's protocol | [MessageType#handlerIndex] |
/// | `11` | control: served by the runtime, also while the actor is stuck | a number |
///
/// The order is by actor, then by index, unsigned.
///
/// @param actor the actor it belongs to
/// @param index all 64 bits, unsigned in the text
public record PortId(ActorId actor, long index) implements Id, Comparable<PortId> {

    static final long HANDLER = 0x8000_0000_0000_0000L;
    static final long CONTROL = 0xC000_0000_0000_0000L;

    /// Parses `actor[index]` or `actor[index<Type>]`; what stands for `Type` is ignored.
    ///
    /// @throws AddressSyntaxException if it is anything else, also if it is the id of a proc or
    ///   actor
    public static PortId parse(String text) {
        return IdParser.parse(text).port();
    }

    /// The index of the control port with a number.
    ///
    /// @param number not negative, below 2^62
    public static long controlIndex(long number) {
        if ((number & CONTROL) != 0) {
            throw new IllegalArgumentException("control port " + number + " is not below 2^62");
        }
        return CONTROL | number;
    }

    /// Whether it was opened at run time.
    public boolean isEphemeral() {
        return index >= 0;
    }

    /// Whether it takes the messages of the actor's protocol.
    public boolean isHandler() {
        return (index & CONTROL) == HANDLER;
    }

    /// Whether the runtime serves it.
    public boolean isControl() {
        return (index & CONTROL) == CONTROL;
    }

    @Override
    public ProcId proc() {
        return actor.proc();
    }

    @Override
    public boolean isPrefixOf(Id other) {
        return equals(other);
    }

    @Override
    public int compareTo(PortId other) {
        int byActor = actor.compareTo(other.actor);
        return byActor != 0 ? byActor : Long.compareUnsigned(index, other.index);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof PortId that
                        && index == that.index
                        && actor.equals(that.actor));
    }

    @Override
    public int hashCode() {
        return actor.hashCode() * 31 + Long.hashCode(index);
    }

    @Override
    public String toString() {
        return actor + "[" + Long.toUnsignedString(index) + "]";
    }

    /// The text with the name of the port's message type, `actor[index<type>]`, for people who read
    /// a log.
    public String toString(String type) {
        return actor + "[" + Long.toUnsignedString(index) + "<" + type + ">]";
    }
}
