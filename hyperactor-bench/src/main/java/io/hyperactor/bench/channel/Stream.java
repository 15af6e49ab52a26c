package io.hyperactor.bench.channel;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// One thread sends numbered frames to another process, as fast as it goes. A round ends when all
/// are acknowledged; an operation is a frame.
public final class Stream implements Workload {
    private static final long PATIENCE_SECONDS = 30;

    private final int size;
    private final byte[] payload;
    private final Peer peer;
    private final Tx tx;
    private long number; // of the next frame

    private Stream(int size) throws IOException {
        this.size = size;
        this.payload = new byte[size - Long.BYTES];
        this.peer = Peer.start(StreamPeer.class, "unix");
        this.tx =
                Channels.shared()
                        .dial(ChannelAddress.parse(peer.address()), Secret.NONE, new Ended());
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a frame
    public static void main(String[] arguments) {
        Worker.run(() -> new Stream(Integer.parseInt(arguments[0])));
    }

    @Override
    public Round round(int operations) throws Exception {
        long patience = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            long id = number++;
            boolean taken =
                    tx.offer(
                            out -> {
                                out.writeLong(id);
                                out.writeRaw(payload, 0, payload.length);
                            },
                            patience);
            if (!taken) {
                throw new IllegalStateException("no room for frame " + id);
            }
        }
        tx.flush().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return Round.stream(operations, size, System.nanoTime() - start);
    }

    @Override
    public void close() {
        tx.close();
        peer.close();
    }
}
