package io.hyperactor.bench.remote;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.ProcConfig;
import io.hyperactor.bench.Peer;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.wire.ActorId;

import java.io.IOException;
import java.time.Duration;

/// A client in this process with a [Sink] in another one. Both stand alone and send to each other
/// directly.
final class Sender implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(50);

    private static final int FRAME_REST_BYTES = 1 << 16;

    private final Peer peer;
    private final Proc proc;
    private final Client client;
    private final ActorRef<Traffic> sink;

    private Sender(String link, int messageBytes) throws IOException {
        peer = Peer.start(Sink.class, link, Integer.toString(messageBytes));
        proc = direct("sender", link, messageBytes);
        client = proc.client("sender");
        sink = ActorRef.attest(ActorId.parse(peer.address()), Traffic.class);
    }

    /// @param link what [Link] reads
    static Sender over(String link, int messageBytes) throws IOException {
        return new Sender(link, messageBytes);
    }

    /// A proc that is reached by itself, as it comes; but messages may be as long as they are.
    static Proc direct(String name, String link, int messageBytes) {
        Link over = Link.parse(link);
        ChannelConfig channels = over.channels();
        int needed = messageBytes + FRAME_REST_BYTES;
        if (needed > channels.frameMaxBytes()) {
            channels = channels.withFrameMaxBytes(needed);
        }
        return Proc.direct(
                over.address(), name, ProcConfig.defaults().withChannels(new Channels(channels)));
    }

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
