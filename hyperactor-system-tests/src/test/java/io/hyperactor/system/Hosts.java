package io.hyperactor.system;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.host.Host;
import io.hyperactor.host.HostConfig;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.time.Duration;
import java.util.List;

/// Hosts inside the process of the test.
final class Hosts {
    private Hosts() {}

    /// Its procs have an hour to become ready, so that a spawn that fails fails by something else.
    static <A> Host<A> serve(ProcessProcManager<A> manager) {
        return serve(manager, Duration.ofHours(1));
    }

    static <A> Host<A> serve(ProcessProcManager<A> manager, Duration readyTimeout) {
        return Host.serve(
                ChannelAddress.any(Transport.UNIX),
                manager,
                HostConfig.defaults().withSpawnReadyTimeout(readyTimeout));
    }

    /// Children that run a shell script, and never call back.
    static ProcessProcManager<ProcAgentMessage> shell(String script) {
        return ProcessProcManager.of(List.of("/bin/sh", "-c", script), ProcAgentMessage.class);
    }
}
