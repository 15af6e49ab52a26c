package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// A connection cut after any number of bytes, either way, and nobody listens any more: every frame
/// has one outcome, and it is true.
@Timeout(60)
final class CutTest {
    @TempDir Path directory;

    /// Carries at most so many bytes, then cuts both connections.
    private static void carry(SocketChannel from, SocketChannel to, long budget) {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        try {
            for (long left = budget; left > 0; ) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                int bytes = from.read(buffer);
                if (bytes < 0) {
                    break;
                }
                left -= bytes;
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException e) {
            // cut by the other direction
        } finally {
            Sockets.closeQuietly(from);
            Sockets.closeQuietly(to);
        }
    }

    private static Thread proxy(
            ServerSocketChannel listener, ChannelAddress to, long forth, long back) {
        return Thread.ofPlatform()
                .start(() -> {
                    try (SocketChannel client = listener.accept();
                            SocketChannel server =
                                    SocketChannel.open(
                                            UnixDomainSocketAddress.of(
                                                    ((ChannelAddress.Unix) to).path()))) {
                        listener.close();
                        Thread answers =
                                Thread.ofPlatform().start(() -> carry(server, client, back));
                        carry(client, server, forth);
                        answers.join();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @RepeatedTest(30)
    void everyFrameHasOneTrueOutcome() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int frames = 20_000;
        int padding = random.nextInt(1 << random.nextInt(11));
        long bytes = (long) frames * (Protocol.DATA_HEADER + 8 + padding);
        long forth = 1 + random.nextLong(bytes);
        long back = random.nextBoolean() ? Long.MAX_VALUE : Welcome.BYTES_MAX + random.nextInt(300);

        Recorder recorder = new Recorder();
        Ending ending = new Ending();
        List<Long> unknown = new ArrayList<>();
        List<Long> notDelivered = new ArrayList<>();
        TxListener listener =
                (reason, unacked) -> {
                    unacked.forEach((buffer, offset, length, written) ->
                            (written ? unknown : notDelivered).add(Protocol.int64(buffer, offset)));
                    ending.ended(reason, visitor -> {});
                };
        Path front = directory.resolve("front");
        int offered = 0;
        try (ServerSocketChannel proxied = RawPeer.listen(front);
                Channels channels =
                        new Channels(
                                ChannelConfig.standard()
                                        .withRuntimeDirectory(directory.resolve("run"))
                                        .withWindow(1 << 20, 5000))) {
            ChannelServer server =
                    channels.serve(ChannelAddress.any(Transport.UNIX), Admission.open(), recorder);
            Thread proxy = proxy(proxied, server.address(), forth, back);
            Tx tx = channels.dial(new ChannelAddress.Unix(front.toString()), Secret.NONE, listener);
            try {
                for (long i = 0; i < frames; i++) {
                    long number = i;
                    if (tx.offer(
                            out -> {
                                out.writeLong(number);
                                out.writeRaw(new byte[padding], 0, padding);
                            },
                            TimeUnit.SECONDS.toNanos(30))) {
                        offered++;
                    }
                }
            } catch (ChannelException.Closed e) {
                // as it must be, sooner or later
            }
            CloseReason reason = ending.reason();
            assertThat(reason).as("seed %d", seed).isInstanceOf(CloseReason.PeerGone.class);
            proxy.join();
        }

        List<Long> arrived =
                recorder.frames().stream().map(frame -> Protocol.int64(frame, 0)).toList();
        int acknowledged = offered - unknown.size() - notDelivered.size();
        String about =
                "seed %d, %d offered, %d arrived, %d acknowledged, %d unknown"
                        .formatted(seed, offered, arrived.size(), acknowledged, unknown.size());
        assertThat(arrived)
                .as(about)
                .isEqualTo(LongStream.range(0, arrived.size()).boxed().toList());
        assertThat(acknowledged).as(about).isBetween(0, arrived.size());
        assertThat(acknowledged + unknown.size()).as(about).isGreaterThanOrEqualTo(arrived.size());
        List<Long> rest = new ArrayList<>(unknown);
        rest.addAll(notDelivered);
        assertThat(rest)
                .as(about)
                .isEqualTo(LongStream.range(acknowledged, offered).boxed().toList());
    }
}
