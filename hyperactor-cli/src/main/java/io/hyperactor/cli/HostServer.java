package io.hyperactor.cli;

import io.hyperactor.wire.ChannelAddress;

/// A host that this process runs.
///
/// **Threads:** any.
interface HostServer {
    /// Starts hosts.
    interface Starter {
        /// Starts a host.
        ///
        /// @param spares how many processes it keeps ready for procs to come
        /// @throws CliException.Failed if the address cannot be served
        HostServer serve(ChannelAddress address, int spares);
    }

    /// Where it is reached; not always what was asked for.
    ChannelAddress address();

    /// Stops the procs in order, then the host, and waits for it.
    ///
    /// @return how that went, on one line
    /// @throws CliException.Failed if something is left
    String stop() throws InterruptedException;
}
