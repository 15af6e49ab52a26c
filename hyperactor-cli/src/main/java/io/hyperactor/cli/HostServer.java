package io.hyperactor.cli;

import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.wire.ChannelAddress;

/// A host that this process runs.
///
/// **Threads:** any.
interface HostServer {
    /// Starts hosts.
    interface Starter {
        /// Starts a host.
        ///
        /// @throws CliException.Failed if the address cannot be served
        HostServer serve(ChannelAddress address, Settings settings);
    }

    /// How it behaves.
    ///
    /// @param spares how many processes it keeps ready for procs to come
    /// @param config the host
    /// @param procs its procs
    /// @param network who it is on a network
    record Settings(int spares, HostConfig config, ProcSpec procs, ChannelConfig network) {}

    /// Where it is reached; not always what was asked for.
    ChannelAddress address();

    /// Stops the procs in order, then the host, and waits for it.
    ///
    /// @return how that went, on one line
    /// @throws CliException.Failed if something is left
    String stop() throws InterruptedException;
}
