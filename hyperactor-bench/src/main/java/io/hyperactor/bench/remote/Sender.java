package io.hyperactor.bench.remote;

import io.hyperactor.ActorRef;
import io.hyperactor.Client;
import io.hyperactor.Proc;
import io.hyperactor.ProcConfig;
import io.hyperactor.bench.Peer;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

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

    private Sender(String scheme, int messageBytes) throws IOException {
        peer = Peer.start(Sink.class, scheme, Integer.toString(messageBytes));
        proc = direct("sender", scheme, messageBytes);
        client = proc.client("sender");
        sink = ActorRef.attest(ActorId.parse(peer.address()), Traffic.class);
    }

    /// @param scheme of the transport, `unix` or `tcp`
    static Sender over(String scheme, int messageBytes) throws IOException {
        return new Sender(scheme, messageBytes);
    }

    /// A proc that is reached by itself, as it comes; but messages may be as long as they are.
    static Proc direct(String name, String scheme, int messageBytes) {
        Transport transport =
                scheme.equals(Transport.TCP.scheme()) ? Transport.TCP : Transport.UNIX;
        ProcConfig config = ProcConfig.defaults();
        ChannelConfig channels = ChannelConfig.standard();
        int needed = messageBytes + FRAME_REST_BYTES;
        if (needed > channels.frameMaxBytes()) {
            config = config.withChannels(new Channels(channels.withFrameMaxBytes(needed)));
        }
        return Proc.direct(ChannelAddress.any(transport), name, config);
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
