package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The interrupt that kills one actor is felt by no other.
final class InterruptRaceTest {
    private final Scene scene = new Scene();
    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Random random = new Random(seed);
    private final AtomicBoolean end = new AtomicBoolean();
    private final AtomicInteger felt = new AtomicInteger();

    @AfterEach
    void end() {
        end.set(true);
        scene.close();
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    /// Always has work and notes every interrupt.
    private void spawnBystander(String name) {
        ActorHandle<Work> handle =
                scene.spawn(
                        name,
                        (cx, message) -> {
                            spin(20);
                            if (Thread.interrupted()) {
                                felt.incrementAndGet();
                            }
                            if (!end.get()) {
                                cx.send(cx.self(), message);
                            }
                        });
        scene.count(handle.ref(), 0, 1);
    }

    @Test
    void actorsThatAreKilledAtAnyMomentLeaveTheirThreadsClean() {
        for (int i = 0; i < 3; i++) {
            spawnBystander("bystander" + i);
        }
        int victims = 400;
        List<ActorHandle<Work>> handles = new ArrayList<>();
        for (int i = 0; i < victims; i++) {
            int length = random.nextInt(100);
            ActorHandle<Work> victim = scene.spawn("victim" + i, (cx, message) -> spin(length));
            scene.count(victim.ref(), 0, random.nextInt(50));
            spin(random.nextInt(2000));
            victim.kill("on purpose");
            handles.add(victim);
        }
        for (ActorHandle<Work> handle : handles) {
            assertThat(Waiting.get(handle.ended()).failure())
                    .isInstanceOf(HyperactorException.Aborted.class);
        }
        assertThat(felt).as("seed %d", seed).hasValue(0);
    }

    @Test
    void aHandlerThatRestoresItsInterruptAfterAKillHarmsNobody() {
        spawnBystander("bystander");
        for (int i = 0; i < 200; i++) {
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch left = new CountDownLatch(1);
            ActorHandle<Work> victim =
                    scene.spawn(
                            "victim",
                            (cx, message) -> {
                                try {
                                    entered.countDown();
                                    new CountDownLatch(1).await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                } finally {
                                    left.countDown();
                                }
                            });
            scene.count(victim.ref(), 0, 1);
            Waiting.on(entered);
            victim.kill("on purpose");
            Waiting.on(left);
        }
        assertThat(felt).hasValue(0);
    }
}
