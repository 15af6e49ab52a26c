package io.hyperactor.bench.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.ProcAgentMessage;
import io.hyperactor.bench.Peer;
import io.hyperactor.host.EchoActor;
import io.hyperactor.host.Host;
import io.hyperactor.host.ProcessProcManager;
import io.hyperactor.host.ReadyProc;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;

/// A host with some procs, of which one has a [Slow] actor. Names that actor, its [Valve], and then
/// the echo actors of the others, with spaces between.
public final class FloodPeer {
    private FloodPeer() {}

    /// Runs until the input ends.
    ///
    /// @param arguments how many procs
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Host<ProcAgentMessage> host =
                        Host.serve(
                                ChannelAddress.any(Transport.UNIX),
                                ProcessProcManager.running(Slow.class));
                Client client = host.systemProc().client("starter")) {
            ReadyProc<ProcAgentMessage> flooded = host.spawn("flooded");
            ActorRef<Slow.Task> slow = client.spawn(flooded.agent(), "slow", Slow.TYPE);
            ActorRef<Valve.Turn> valve = client.spawn(flooded.agent(), "valve", Valve.TYPE);
            StringBuilder addresses = new StringBuilder(slow.id() + " " + valve.id());
            for (int i = 1; i < Integer.parseInt(arguments[0]); i++) {
                ReadyProc<ProcAgentMessage> proc = host.spawn("calm-" + i);
                addresses.append(' ').append(proc.procId().actor(EchoActor.NAME, 0));
            }
            Peer.serve(addresses.toString());
        }
        Runtime.getRuntime().halt(0);
    }
}
