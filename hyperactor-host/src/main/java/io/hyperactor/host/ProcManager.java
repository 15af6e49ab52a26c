package io.hyperactor.host;

import io.hyperactor.channel.Admission;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import java.util.Optional;

/// Brings procs to life, each with an agent actor that manages it.
///
/// @param <A> the protocol of the agents
public interface ProcManager<A> extends AutoCloseable {
    /// How procs of this manager and their host talk: `LOCAL` inside one process, `UNIX` between
    /// processes.
    Transport transport();

    /// Starts a proc and gives its handle at once; readiness and end are told by the handle.
    ///
    /// **Threads:** any, also several at once.
    ///
    /// @param procId the identity that the proc takes
    /// @param forwarder where it sends everything that is not for itself
    /// @throws HostException if it could not be started; then nothing of it is left
    ProcHandle<A> spawn(ProcId procId, ChannelAddress forwarder);

    /// The same for a proc of its own kind.
    ///
    /// @param spec how it is run
    /// @throws HostException.ProcessSpawnFailure if this manager runs all its procs alike
    default ProcHandle<A> spawn(ProcId procId, ChannelAddress forwarder, ProcSpec spec) {
        throw new HostException.ProcessSpawnFailure(
                procId, new UnsupportedOperationException("this manager takes no ProcSpec"));
    }

    /// Whom the host lets in at the address that its procs send to.
    Admission admission();

    /// Whether one of its procs may send to the agents of hosts, its own and others, and to those
    /// of other procs.
    ///
    /// **Threads:** any; must not block.
    boolean mayControl(ProcId proc);

    /// How its procs are run when nothing else is asked for; empty if they have no process of their
    /// own.
    default Optional<ProcSpec> spec() {
        return Optional.empty();
    }

    /// Ends all procs by force and releases what the manager holds. May be called twice.
    @Override
    void close();
}
