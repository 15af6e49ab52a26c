package io.hyperactor.bench.channel;

import io.hyperactor.bench.Peer;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.ChannelServer;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.FrameBody;
import io.hyperactor.channel.Inbound;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One frame goes to another process and comes back, over two links, as each goes one way; an
/// operation is a round trip. Both ends answer on the thread that read, as the C program does.
public final class Echo implements Workload {
    private static final long PATIENCE_SECONDS = 50;

    private final byte[] payload;
    private final FrameBody body;
    private final ChannelServer server;
    private final Peer peer;
    private final Tx tx;
    private volatile Run run = new Run(1);

    private Echo(int size) throws IOException {
        payload = new byte[size];
        body = out -> out.writeRaw(payload, 0, payload.length);
        server =
                Channels.shared()
                        .serve(
                                ChannelAddress.any(Transport.UNIX),
                                Admission.open(),
                                this::received);
        peer = Peer.start(EchoPeer.class, server.address().toString());
        tx = Channels.shared().dial(ChannelAddress.parse(peer.address()), Secret.NONE, new Ended());
    }

    /// Measures until the input ends.
    ///
    /// @param arguments bytes in a frame
    public static void main(String[] arguments) {
        Worker.run(() -> new Echo(Integer.parseInt(arguments[0])));
    }

    /// One round; used on the event loop's thread between its start and its end.
    private static final class Run {
        final long[] nanos;
        final CountDownLatch done = new CountDownLatch(1);
        int count;
        long sentAt;

        Run(int operations) {
            nanos = new long[operations];
        }
    }

    @Override
    public Round round(int operations) throws Exception {
        Run next = new Run(operations);
        next.sentAt = System.nanoTime();
        run = next;
        send();
        if (!next.done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("no echo; link: " + tx.closed());
        }
        return Statistics.latencies(next.nanos);
    }

    private void send() {
        if (!tx.offer(body)) {
            throw new IllegalStateException("window full with one frame under way");
        }
    }

    private boolean received(Inbound from, byte[] buffer, int offset, int length) {
        Run now = run;
        long time = System.nanoTime();
        now.nanos[now.count++] = time - now.sentAt;
        if (now.count == now.nanos.length) {
            now.done.countDown();
        } else {
            now.sentAt = time;
            send();
        }
        return true;
    }

    @Override
    public void close() {
        tx.close();
        peer.close();
        server.close();
    }
}
