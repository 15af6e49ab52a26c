package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Far more senders than threads, with far more to send than there is room for.
final class FanInTest {
    private static final int SENDERS = 10_000;
    private static final int EACH = 100;

    private final Scene scene = new Scene();
    private final AtomicInteger cameBack = new AtomicInteger();

    @AfterEach
    void close() {
        scene.close();
    }

    /// Counts what it is sent.
    private ActorRef<Work> sink(CountDownLatch handled) {
        return scene.spawn("sink", (cx, message) -> handled.countDown()).ref();
    }

    /// Each sends to the sink as soon as it is told to.
    private List<ActorRef<Work>> senders(ActorRef<Work> sink) {
        return IntStream.range(0, SENDERS)
                .mapToObj(i -> scene.spawn("sender-" + i, new Sender(sink)).ref())
                .toList();
    }

    private final class Sender implements Actor<Work> {
        private final ActorRef<Work> sink;

        Sender(ActorRef<Work> sink) {
            this.sink = sink;
        }

        @Override
        public void receive(Context<Work> cx, Work message) {
            for (int i = 0; i < EACH; i++) {
                cx.send(sink, message);
            }
        }

        @Override
        public void undeliverable(Context<Work> cx, Undeliverable undeliverable) {
            cameBack.incrementAndGet();
        }
    }

    private void awaitAll(CountDownLatch handled) {
        Waiting.until(() -> handled.getCount() == cameBack.get());
        assertThat(cameBack).hasValue(0);
    }

    @Test
    void nothingComesBackFromOneToWhomTenThousandSend() {
        CountDownLatch handled = new CountDownLatch(SENDERS * EACH);
        List<ActorRef<Work>> senders = senders(sink(handled));
        senders.forEach(sender -> scene.client.send(sender, new Work.Item(0)));
        awaitAll(handled);
    }

    @Test
    void norIfAnActorTellsThemToSend() {
        CountDownLatch handled = new CountDownLatch(SENDERS * EACH);
        List<ActorRef<Work>> senders = senders(sink(handled));
        ActorRef<Work> starter =
                scene.spawn("starter", (cx, message) -> senders.forEach(to -> cx.send(to, message)))
                        .ref();
        scene.client.send(starter, new Work.Item(0));
        awaitAll(handled);
    }
}
