package io.hyperactor.bench.channel;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// The connection under a link to another process is cut; an operation lasts until a frame that was
/// sent after the cut is acknowledged. The other side takes no frame that is not the next one.
public final class Reconnect implements Workload {
    private static final long PATIENCE_SECONDS = 20;

    private final Peer peer;
    private final Relay relay;
    private final Tx tx;
    private long number; // of the next frame

    private Reconnect() throws IOException {
        peer = Peer.start(StreamPeer.class, "tcp");
        var target = (ChannelAddress.Network) ChannelAddress.parse(peer.address());
        relay = new Relay(new InetSocketAddress(target.host(), target.port()));
        tx =
                Channels.shared()
                        .dial(
                                ChannelAddress.parse("tcp:127.0.0.1:" + relay.port()),
                                Secret.NONE,
                                new Ended());
    }

    /// Measures until the input ends. Takes no arguments.
    public static void main(String[] arguments) {
        Worker.run(Reconnect::new);
    }

    @Override
    public Round round(int operations) throws Exception {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            send();
            long start = System.nanoTime();
            relay.cut();
            send();
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.few(nanos);
    }

    /// Until it is acknowledged.
    private void send() throws Exception {
        long id = number++;
        if (!tx.offer(out -> out.writeLong(id))) {
            throw new IllegalStateException("window full with one frame under way");
        }
        tx.flush().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        tx.close();
        relay.close();
        peer.close();
    }
}
