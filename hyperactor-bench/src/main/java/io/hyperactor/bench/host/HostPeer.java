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

/// A host with one proc, whose echo actor it names.
public final class HostPeer {
    private HostPeer() {}

    /// Runs until the input ends.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Host<ProcAgentMessage> host =
                Host.serve(
                        ChannelAddress.any(Transport.UNIX),
                        ProcessProcManager.running(ProcMain.class))) {
            ReadyProc<ProcAgentMessage> proc = host.spawn("worker");
            Peer.serve(proc.procId().actor(EchoActor.NAME, 0).toString());
        }
        Runtime.getRuntime().halt(0);
    }
}
