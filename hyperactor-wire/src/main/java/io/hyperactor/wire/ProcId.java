package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// The identity of a proc: where it is reached, and its name there.
///
/// The order is by address, then by name.
///
/// @param address where it is reached; of an alias the dial side is kept
/// @param name 1 to 63 of `A-Z a-z 0-9 _ . -`, the first a letter, digit or `_`
public record ProcId(ChannelAddress address, String name) implements Id, Comparable<ProcId> {

    /// @throws InvalidNameException if the name breaks the rule
    public ProcId {
        address = address.dialAddress();
        Names.check("proc", name);
    }

    /// Parses `address,name`; the address may be in any form that [ChannelAddress#parse] takes.
    ///
    /// @throws AddressSyntaxException if it is anything else, also if it is the id of an actor or
    ///   port
    public static ProcId parse(String text) {
        return IdParser.parse(text).proc();
    }

    /// The id of an actor in this proc.
    ///
    /// @param pid 0 for one that was spawned under its own name, not negative
    /// @throws InvalidNameException if the name breaks the rule
    public ActorId actor(String name, int pid) {
        return new ActorId(this, name, pid);
    }

    @Override
    public ProcId proc() {
        return this;
    }

    @Override
    public boolean isPrefixOf(Id other) {
        return equals(other.proc());
    }

    @Override
    public int compareTo(ProcId other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : name.compareTo(other.name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ProcId that
                        && name.equals(that.name)
                        && address.equals(that.address));
    }

    @Override
    public int hashCode() {
        return address.hashCode() * 31 + name.hashCode();
    }

    @Override
    public String toString() {
        return address + "," + name;
    }
}
