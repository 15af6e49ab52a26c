package io.hyperactor.bench.host;

import io.hyperactor.ProcAgentMessage;
import io.hyperactor.bench.Peer;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcMain;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;

/// A host with procs; it names the echo actor of the last one.
public final class HostPeer {
    private HostPeer() {}

    /// Runs until the input ends.
    ///
    /// @param arguments how many procs
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Host<ProcAgentMessage> host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.running(ProcMain.class))) {
            ReadyProc<ProcAgentMessage> proc = host.spawn("worker");
            for (int i = 1; i < Integer.parseInt(arguments[0]); i++) {
                proc = host.spawn("worker-" + i);
            }
            Peer.serve(proc.procId().actor(EchoActor.NAME, 0).toString());
        }
        Runtime.getRuntime().halt(0);
    }
}
