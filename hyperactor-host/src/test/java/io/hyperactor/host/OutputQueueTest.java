package io.hyperactor.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.host.OutputListener.Stream;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class OutputQueueTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    void aListenerThatThrowsHearsTheNextLineToo() throws InterruptedException {
        try (var queue =
                new OutputQueue((_, _, _, _, line) -> {
                    heard.add(line);
                    throw new IllegalStateException("on purpose");
                })) {
            assertThat(queue.offer("w", 7, Stream.STDOUT, "a")).isTrue();
            assertThat(queue.offer("w", 7, Stream.STDOUT, "b")).isTrue();

            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("b");
        }
    }

    @Test
    void aListenerThatHangsFillsTheQueueAndNoMore() throws InterruptedException {
        var release = new CountDownLatch(1);
        var busy = new CountDownLatch(1);
        var queue =
                new OutputQueue((_, _, _, _, line) -> {
                    busy.countDown();
                    awaitQuietly(release);
                    heard.add(line);
                });
        queue.offer("w", 7, Stream.STDOUT, "first");
        assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();

        int accepted = 0;
        String line = "x".repeat(10_000);
        while (accepted < 10_000 && queue.offer("w", 7, Stream.STDOUT, line)) {
            accepted++;
        }
        assertThat(accepted).isBetween(400, LogQueue.COST_MAX / 10_000);

        release.countDown();
        queue.close();
        for (int i = 0; i <= accepted; i++) {
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(queue.offer("w", 7, Stream.STDOUT, "late")).isFalse();
    }

    /// As a terminal at which somebody has pressed Ctrl-S.
    @Test
    void whoStandsStillAtTheBytesHoldsUpNoLine() throws InterruptedException {
        var release = new CountDownLatch(1);
        OutputListener listener =
                new OutputListener() {
                    @Override
                    public void line(
                            Instant time, String name, long pid, Stream stream, String line) {
                        heard.add(line);
                    }

                    @Override
                    public void bytes(Stream stream, byte[] bytes) {
                        awaitQuietly(release);
                    }
                };
        try (var queue = new OutputQueue(listener)) {
            byte[] bytes = new byte[100_000];
            for (int i = 0; i < 100; i++) {
                boolean _ = queue.offerBytes(Stream.STDOUT, bytes, bytes.length);
            }
            assertThat(queue.offerBytes(Stream.STDOUT, bytes, bytes.length)).isFalse();
            assertThat(queue.offer("w", 7, Stream.STDOUT, "a")).isTrue();
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
            release.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
