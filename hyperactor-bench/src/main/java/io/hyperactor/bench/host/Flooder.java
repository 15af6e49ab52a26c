package io.hyperactor.bench.host;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.bench.Peer;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;

/// Sends to a [Slow] actor as fast as it is let.
public final class Flooder {
    private static final int PAYLOAD_BYTES = 1024;

    private Flooder() {}

    /// Runs until the input ends.
    ///
    /// @param arguments the id of the actor
    public static void main(String[] arguments) throws IOException {
        Proc proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "flooder");
        Client client = proc.client("flooder");
        client.onUndeliverable(_ -> {}); // what found no room
        ActorRef<Slow.Work> slow = ActorRef.attest(ActorId.parse(arguments[0]), Slow.Work.class);
        Thread.ofPlatform().daemon().start(() -> flood(client, slow));
        Peer.serve(client.id().toString());
        Runtime.getRuntime().halt(0);
    }

    private static void flood(Client client, ActorRef<Slow.Work> slow) {
        Slow.Work work = new Slow.Work(new byte[PAYLOAD_BYTES]);
        while (true) {
            client.send(slow, work);
        }
    }
}
