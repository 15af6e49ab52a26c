package io.hyperactor.bench.remote;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.bench.Peer;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.time.Duration;

/// A client in this process with a [Sink] in another one. Both stand alone and send to each other
/// directly.
final class Sender implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(50);

    private final Peer peer = Peer.start(Sink.class);
    private final Proc proc = Proc.direct(ChannelAddress.any(Transport.UNIX), "sender");
    private final Client client = proc.client("sender");
    private final ActorRef<Traffic> sink =
            ActorRef.attest(ActorId.parse(peer.address()), Traffic.class);

    Sender() throws IOException {}

    Client client() {
        return client;
    }

    ActorRef<Traffic> sink() {
        return sink;
    }

    @Override
    public void close() {
        proc.close();
        peer.close();
    }
}
