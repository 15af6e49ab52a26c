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
import java.util.ArrayList;
import java.util.List;

/// Asks seven procs of a host in turn, while an eighth gets more than it can handle from somebody
/// else, or while it does not. The flood lasts for the round: between rounds, when another
/// contender has its turn, nothing of it is left.
public final class BesideFlood implements Workload {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PROCS = "8";

    private final Proc proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "asker");
    private final Client client = proc.client("asker");
    private final List<ActorRef<EchoMessage>> calm = new ArrayList<>();
    private final boolean flooded;
    private final Peer host;
    private final Peer flooder;

    private BesideFlood(boolean flooded) throws IOException {
        this.flooded = flooded;
        host = Peer.start(FloodPeer.class, PROCS);
        List<String> actors = List.of(host.address().split(" ", -1));
        for (String actor : actors.subList(2, actors.size())) {
            calm.add(ActorRef.attest(ActorId.parse(actor), EchoMessage.class));
        }
        flooder = Peer.start(Flooder.class, actors.getFirst(), actors.get(1));
    }

    /// Measures until the input ends.
    ///
    /// @param arguments `flooded` or `calm`
    public static void main(String[] arguments) {
        Worker.run(() -> new BesideFlood(arguments[0].equals("flooded")));
    }

    @Override
    public Round round(int operations) throws Exception {
        if (!flooded) {
            return ask(operations);
        }
        flooder.ask(Flooder.START);
        try {
            return ask(operations);
        } finally {
            flooder.ask(Flooder.STOP);
        }
    }

    private Round ask(int operations) throws InterruptedException {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            ActorRef<EchoMessage> next = calm.get(i % calm.size());
            long start = System.nanoTime();
            client.<EchoMessage, ActorId>ask(next, EchoMessage::new, PATIENCE);
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.latencies(nanos);
    }

    @Override
    public void close() {
        flooder.close();
        host.close();
        proc.close();
    }
}
