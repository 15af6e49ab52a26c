package io.hyperactor.bench.remote;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.PekkoSystem;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

import java.io.IOException;

/// Pekko's remoting over TCP on this machine, with its defaults; and a [PekkoSink] in another
/// process.
final class Artery implements AutoCloseable {
    private static final String CONFIGURATION =
            """
            pekko.actor.provider = remote
            pekko.remote.artery.transport = tcp
            pekko.remote.artery.canonical.hostname = "127.0.0.1"
            pekko.remote.artery.canonical.port = 0
            pekko.actor.serializers.bench = "%s"
            pekko.actor.serialization-bindings { "%s" = bench }
            """
                    .formatted(PekkoSerializer.class.getName(), PekkoTraffic.class.getName());

    private final Peer peer = Peer.start(PekkoSink.class);
    private final PekkoSystem system = start();
    private final ActorRef<PekkoTraffic> sink =
            ActorRefResolver.get(system.system()).resolveActorRef(peer.address());

    Artery() throws IOException {}

    static PekkoSystem start() {
        return new PekkoSystem(CONFIGURATION);
    }

    PekkoSystem system() {
        return system;
    }

    ActorRef<PekkoTraffic> sink() {
        return sink;
    }

    @Override
    public void close() {
        system.close();
        peer.close();
    }
}
