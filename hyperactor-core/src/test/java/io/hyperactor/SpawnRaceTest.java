package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ActorId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;

/// Spawning while the proc ends.
final class SpawnRaceTest {
    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Random random = new Random(seed);

    @Test
    void anActorIsEitherRefusedOrEndsWithItsProc() throws Exception {
        for (int round = 0; round < 100; round++) {
            try (Scene scene = new Scene(Proc.local("race" + round))) {
                Set<ActorId> spawned = ConcurrentHashMap.newKeySet();
                CountDownLatch begun = new CountDownLatch(1);
                Thread spawner =
                        Thread.ofPlatform()
                                .start(() -> {
                                    begun.countDown();
                                    spawnUntilRefused(scene, spawned);
                                });
                Waiting.on(begun);
                spin(random.nextInt(20_000));
                Duration grace = random.nextBoolean() ? Duration.ZERO : Waiting.PATIENCE;
                Proc.Destroyed end = scene.proc.destroyAndWait(grace, "done");
                spawner.join();

                Set<ActorId> listed = new HashSet<>(end.stopped());
                listed.addAll(end.aborted());
                // those that had ended by themselves before are not in the lists
                assertThat(spawned.containsAll(listed)).as("seed %d, %d", seed, round).isTrue();
                assertThat(scene.proc.actors()).as("seed %d", seed).isEmpty();
                assertThat(scene.events).as("seed %d", seed).hasSameSizeAs(spawned);
            }
        }
    }

    private static void spawnUntilRefused(Scene scene, Set<ActorId> spawned) {
        try {
            for (int i = 0; i < 2000; i++) {
                spawned.add(scene.spawn("a" + i, new Counting()).id());
            }
        } catch (HyperactorException.ProcClosed e) {
            // as it must end
        }
    }

    @Test
    void whatIsSentToANameJustWhileItIsRefusedComesBack() throws Exception {
        for (int round = 0; round < 100; round++) {
            try (Scene scene = new Scene(Proc.local("race" + round))) {
                ActorRef<Work> ref = ActorRef.attest(scene.proc.id().actor("a", 0), Work.class);
                CompletableFuture<Void> over = new CompletableFuture<>();
                Counting actor = new Counting();
                List<Thread> threads = new ArrayList<>();
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    while (!over.isDone()) {
                                        try {
                                            Waiting.get(stopped(scene.spawn("a", actor)));
                                        } catch (HyperactorException.ProcClosed e) {
                                            return;
                                        }
                                    }
                                }));
                int[] sent = {0};
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    while (!over.isDone() && sent[0] < 2000) {
                                        scene.client.send(ref, new Work.Item(sent[0]++));
                                    }
                                }));
                spin(random.nextInt(20_000));
                scene.proc.destroyAndWait(Duration.ZERO, "done");
                over.complete(null);
                for (Thread thread : threads) {
                    thread.join();
                }
                Waiting.until(() -> scene.returnedCount() + actor.numbers.size() >= sent[0]);
                Set<Long> outcomes = new HashSet<>(actor.numbers);
                outcomes.addAll(scene.returnedNumbers());
                assertThat(outcomes).as("seed %d", seed).hasSize(sent[0]);
                assertThat(scene.returnedCount() + actor.numbers.size()).isEqualTo(sent[0]);
            }
        }
    }

    private static CompletableFuture<ActorStatus> stopped(ActorHandle<Work> handle) {
        handle.stop("at once");
        return handle.ended();
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }
}
