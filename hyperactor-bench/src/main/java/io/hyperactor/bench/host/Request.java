package io.hyperactor.bench.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;
import io.hyperactor.host.EchoMessage;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.time.Duration;

/// A client asks an actor of a proc of a host and waits for the answer. Request and answer go
/// through the host's process.
public final class Request implements Workload {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Proc proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "asker");
    private final Client client = proc.client("asker");
    private final Peer peer;
    private final ActorRef<EchoMessage> echo;

    private Request(String procs) throws IOException {
        peer = Peer.start(HostPeer.class, procs);
        echo = ActorRef.attest(ActorId.parse(peer.address()), EchoMessage.class);
    }

    /// Measures until the input ends.
    ///
    /// @param arguments how many procs the host has
    public static void main(String[] arguments) {
        Worker.run(() -> new Request(arguments[0]));
    }

    @Override
    public Round round(int operations) throws Exception {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            long start = System.nanoTime();
            client.<EchoMessage, ActorId>ask(echo, EchoMessage::new, PATIENCE);
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.latencies(nanos);
    }

    @Override
    public void close() {
        proc.close();
        peer.close();
    }
}
