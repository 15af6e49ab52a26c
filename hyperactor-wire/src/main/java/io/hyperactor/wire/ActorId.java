package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// The identity of an actor: its proc, its name there, and a number for those that share a name.
///
/// The order is by proc, name, pid.
///
/// @param proc the proc it runs in
/// @param name 1 to 63 of `A-Z a-z 0-9 _ . -`, the first a letter, digit or `_`
/// @param pid 0 for one that was spawned under its own name, not negative
public record ActorId(ProcId proc, String name, int pid) implements Id, Comparable<ActorId> {

    /// @throws InvalidNameException if the name breaks the rule
    /// @throws IllegalArgumentException if `pid` is negative
    public ActorId {
        Names.check("actor", name);
        if (pid < 0) {
            throw new IllegalArgumentException("pid " + pid + " of actor " + name + " is negative");
        }
    }

    /// Parses `proc,name[pid]`; without the brackets the pid is 0.
    ///
    /// @throws AddressSyntaxException if it is anything else, also if it is the id of a proc or
    ///   port
    public static ActorId parse(String text) {
        return IdParser.parse(text).actor();
    }

    /// The id of a port of this actor.
    ///
    /// @param index all 64 bits; their meaning is in [PortId]
    public PortId port(long index) {
        return new PortId(this, index);
    }

    @Override
    public boolean isPrefixOf(Id other) {
        return equals(other instanceof PortId port ? port.actor() : other);
    }

    @Override
    public int compareTo(ActorId other) {
        int byProc = proc.compareTo(other.proc);
        int byName = byProc != 0 ? byProc : name.compareTo(other.name);
        return byName != 0 ? byName : Integer.compare(pid, other.pid);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ActorId that
                        && pid == that.pid
                        && name.equals(that.name)
                        && proc.equals(that.proc));
    }

    @Override
    public int hashCode() {
        return (proc.hashCode() * 31 + name.hashCode()) * 31 + pid;
    }

    @Override
    public String toString() {
        return proc + "," + name + "[" + pid + "]";
    }
}
