package io.hyperactor.cli;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.channel.ChannelException;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.HostException;
import io.hyperactor.host.ProcSpec;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;

/// Makes hosts whose procs are JVMs with a small class path.
final class Hosts {
    private Hosts() {}

    /// Binds a host with such procs. It takes no message before it serves.
    ///
    /// @throws CliException.Failed if the address cannot be had, or the folder for logs
    static Host<ProcAgentMessage> bind(ChannelAddress address, ProcSpec procs, HostConfig config) {
        try {
            var manager = ProcessProcManager.running(procs);
            try {
                return Host.bind(address, manager, config);
            } catch (ChannelException e) {
                manager.close();
                throw e;
            }
        } catch (ChannelException | HostException.LogFolderUnusable e) {
            throw new CliException.Failed(String.valueOf(e.getMessage()), e);
        }
    }

    /// The defaults, with what the environment says.
    ///
    /// @throws CliException.Usage if the environment makes no sense
    static HostConfig config() {
        try {
            return HostConfig.defaults();
        } catch (HostException e) {
            throw new CliException.Usage(String.valueOf(e.getMessage()));
        }
    }
}
