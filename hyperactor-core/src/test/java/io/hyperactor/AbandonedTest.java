package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;

/// What comes back to an actor that can not be told any more is counted, whenever that is.
final class AbandonedTest {
    private static final int COUNT = 10;

    private final Scene scene = new Scene();
    private final ActorRef<Work> nobody =
            ActorRef.attest(scene.proc.id().actor("nobody", 0), Work.class);
    private final long before = Counters.abandoned();

    @AfterEach
    void end() {
        scene.close();
    }

    private void sendToNobody(Context<Work> cx) {
        for (int i = 0; i < COUNT; i++) {
            cx.send(nobody, new Work.Item(i));
        }
    }

    private static long abandonedSince(long before) {
        return Counters.abandoned() - before;
    }

    @Test
    void ofAnActorThatFails() {
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            sendToNobody(cx);
                            throw new IllegalStateException("on purpose");
                        });
        scene.count(handle.ref(), 0, 1);
        assertThat(Waiting.get(handle.ended()).failure()).hasMessage("on purpose");
        assertThat(abandonedSince(before)).isEqualTo(COUNT);
    }

    @Test
    void ofAnActorThatCleansUp() {
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void cleanup(Context<Work> cx) {
                                sendToNobody(cx);
                            }
                        });
        handle.stop("done");
        Waiting.get(handle.ended());
        assertThat(abandonedSince(before)).isEqualTo(COUNT);
    }

    @Test
    void ofAnActorThatWasKilledAndRunsOn() {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            sendToNobody(cx);
                            sent.countDown();
                            while (killed.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                            sendToNobody(cx);
                            over.countDown();
                        });
        scene.count(handle.ref(), 0, 1);
        Waiting.on(sent);
        handle.kill("endless");
        Waiting.get(handle.ended());
        assertThat(abandonedSince(before)).isEqualTo(COUNT);
        killed.countDown();
        Waiting.on(over);
        assertThat(abandonedSince(before)).isEqualTo(2 * COUNT);
    }
}
