package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// What an actor held is free for the collector when it has ended, whoever still names it.
final class ForgettingTest {
    @TempDir private Path directory;
    private Pair pair;

    @BeforeEach
    void start() {
        pair = new Pair(Transport.UNIX, directory);
    }

    @AfterEach
    void end() {
        pair.close();
    }

    private record Remains(ActorHandle<Work> handle, WeakReference<Object> state) {}

    /// Spawns an actor, sends to it from here and from there, and ends it.
    private Remains spawnAndEnd(Consumer<ActorHandle<Work>> ending) throws Exception {
        Actor<Work> behaviour = new Counting();
        WeakReference<Object> state = new WeakReference<>(behaviour);
        Actor<Work> only = behaviour;
        ActorHandle<Work> handle = pair.there.proc.spawn("a", once(only));
        pair.here.ask(ActorRef.attest(handle.id(), Work.class), 0);
        pair.there.ask(handle.ref(), 0);
        ending.accept(handle);
        Waiting.get(handle.ended());
        return new Remains(handle, state);
    }

    /// A type that forgets what it gave.
    private static ActorType<Work> once(Actor<Work> behaviour) {
        Object[] one = {behaviour};
        return Scene.typeOf(
                "once",
                () -> {
                    @SuppressWarnings("unchecked")
                    Actor<Work> given = (Actor<Work>) one[0];
                    one[0] = null;
                    return given;
                });
    }

    private static void assertForgotten(Remains remains) {
        Waiting.until(() -> {
            System.gc();
            return remains.state.get() == null;
        });
        assertThat(remains.handle.status().isTerminal()).isTrue();
    }

    @Test
    void afterAStop() throws Exception {
        assertForgotten(spawnAndEnd(handle -> handle.stop("done")));
    }

    @Test
    void afterAFailure() throws Exception {
        assertForgotten(
                spawnAndEnd(handle -> pair.here.client.send(handle.ref(), new Work.Do("fail"))));
    }

    @Test
    void afterAKill() throws Exception {
        assertForgotten(spawnAndEnd(handle -> handle.kill("no reason")));
    }

    @Test
    void afterAKillOfAHandlerThatComesBackLate() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        byte[] big = new byte[1000];
        WeakReference<Object> state = new WeakReference<>(big);
        ActorHandle<Work> handle = spawnLate(entered, left, big);
        big = null;
        pair.there.count(handle.ref(), 0, 1);
        Waiting.on(entered);
        handle.kill("stuck");
        left.countDown();
        assertForgotten(new Remains(handle, state));
    }

    private ActorHandle<Work> spawnLate(CountDownLatch entered, CountDownLatch left, byte[] big) {
        return pair.there.proc.spawn(
                "late",
                once((cx, message) -> {
                    entered.countDown();
                    while (left.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    assertThat(big).hasSize(1000);
                }));
    }
}
