package io.hyperactor.bench.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

final class ByteQueueTest {
    private static final int LARGE_BYTES = 6 << 20; // of which the queue holds two
    private static final long PATIENCE_SECONDS = 60;

    private static CompletableFuture<Void> send(ByteQueue queue, int bytes, int count) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    byte[] rest = new byte[bytes - Integer.BYTES];
                    for (int i = 0; i < count; i++) {
                        queue.begin(bytes).putInt(i).put(rest);
                        queue.end();
                    }
                    sent.complete(null);
                });
        return sent;
    }

    private static void take(ByteQueue queue, int bytes, int count) {
        int next = 0;
        while (next < count) {
            ByteBuffer taken = queue.take();
            while (taken.hasRemaining()) {
                assertThat(taken.getInt()).isEqualTo(next++);
                taken.position(taken.position() + bytes - Integer.BYTES);
            }
        }
    }

    @Test
    void messagesComeWholeAndInTheirOrder() throws Exception {
        ByteQueue queue = new ByteQueue(100);
        CompletableFuture<Void> sent = send(queue, 100, 500_000);

        take(queue, 100, 500_000);

        sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whoSendsMoreThanThereIsRoomForWaits() throws Exception {
        ByteQueue queue = new ByteQueue(LARGE_BYTES);
        CompletableFuture<Void> sent = send(queue, LARGE_BYTES, 20);

        assertThat(queue.take().remaining()).isEqualTo(LARGE_BYTES);
        assertThat(sent).isNotDone();
        take(queue, LARGE_BYTES, 20);
        sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
