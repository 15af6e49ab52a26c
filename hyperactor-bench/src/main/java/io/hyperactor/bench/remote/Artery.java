package io.hyperactor.bench.remote;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.PekkoSystem;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

import java.io.IOException;

/// Pekko's remoting over TCP on this machine, with its defaults; and a [PekkoSink] in another
/// process.
final class Artery implements AutoCloseable {
    private static final int FRAME_USUAL_BYTES = 256 << 10;
    private static final int FRAME_REST_BYTES = 4 << 10;
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

    private final Peer peer;
    private final PekkoSystem system;
    private final ActorRef<PekkoTraffic> sink;

    Artery() throws IOException {
        this(0);
    }

    /// @param messageBytes how long messages get, should that be more than Pekko allows by itself
    Artery(int messageBytes) throws IOException {
        peer = Peer.start(PekkoSink.class, Integer.toString(messageBytes));
        system = start(frames(messageBytes));
        sink = ActorRefResolver.get(system.system()).resolveActorRef(peer.address());
    }

    /// The configuration for long messages: each buffer has room for one.
    static String frames(int messageBytes) {
        int needed = messageBytes + FRAME_REST_BYTES;
        return needed <= FRAME_USUAL_BYTES
                ? ""
                : """
                pekko.remote.artery.advanced.maximum-frame-size = %d
                pekko.remote.artery.advanced.buffer-pool-size = 4
                """
                        .formatted(needed);
    }

    static PekkoSystem start() {
        return start("");
    }

    /// @param more configuration
    static PekkoSystem start(String more) {
        return new PekkoSystem(CONFIGURATION + more);
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
