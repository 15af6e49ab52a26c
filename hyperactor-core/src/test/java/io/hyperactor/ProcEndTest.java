package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

final class ProcEndTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    /// For an idle actor to end in, on a machine that is busy.
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    private final Scene scene = new Scene();
    private final Counting stuck = new Counting();

    @AfterEach
    void end() {
        stuck.release.countDown();
        scene.close();
    }

    private ActorHandle<Work> spawnStuck() {
        ActorHandle<Work> handle = scene.spawn("stuck", stuck);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(stuck.held);
        return handle;
    }

    private void untilToldToStop(ActorHandle<Work> handle) {
        ActorCell<?> cell = (ActorCell<?>) scene.proc.find(handle.id());
        Waiting.until(cell::hasSignals);
    }

    @Test
    void actorsDrainAndAreListedAsStopped() throws Exception {
        List<ActorId> ids = new ArrayList<>();
        List<Counting> actors = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Counting actor = new Counting();
            actors.add(actor);
            ActorHandle<Work> handle = scene.spawn("a" + i, actor);
            ids.add(handle.id());
            scene.count(handle.ref(), 0, 100);
        }
        Proc.Destroyed end = scene.proc.destroyAndWait(Waiting.PATIENCE, "done");
        assertThat(end.stopped()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(end.aborted()).isEmpty();
        assertThat(actors).allMatch(actor -> actor.numbers.size() == 100);
        assertThat(scene.events)
                .hasSize(20)
                .allMatch(event -> event.status().equals(new ActorStatus.Stopped("done")));
        assertThat(scene.proc.actors()).isEmpty();
    }

    @Test
    void afterItsEndAProcTakesNobody() throws Exception {
        scene.proc.destroyAndWait(Waiting.PATIENCE, "done");
        assertThatThrownBy(() -> scene.spawn("a", new Counting()))
                .isInstanceOf(HyperactorException.ProcClosed.class)
                .hasMessageContaining(scene.proc.id().toString());
        assertThatThrownBy(() -> scene.proc.client("c"))
                .isInstanceOf(HyperactorException.ProcClosed.class);
    }

    @Test
    void thoseThatDoNotEndInTimeAreAborted() throws Exception {
        ActorHandle<Work> late = spawnStuck();
        ActorHandle<Work> quick = scene.spawn("quick", new Counting());
        Proc.Destroyed end = scene.proc.destroyAndWait(LONG_ENOUGH, "hurry");
        assertThat(end.stopped()).containsExactly(quick.id());
        assertThat(end.aborted()).containsExactly(late.id());
        assertThat(late.status().failure())
                .isInstanceOf(HyperactorException.Aborted.class)
                .hasMessageContaining("hurry");
        assertThat(stuck.calls).doesNotContain("cleanup");
    }

    @Test
    void withoutTimeWhatHasNotEndedIsAbortedAtOnce() throws Exception {
        ActorHandle<Work> late = spawnStuck();
        ActorHandle<Work> idle = scene.spawn("idle", new Counting());
        Proc.Destroyed end = scene.proc.destroyAndWait(Duration.ZERO, "now");
        assertThat(end.aborted()).contains(late.id());
        List<ActorId> all = new ArrayList<>(end.stopped());
        all.addAll(end.aborted());
        assertThat(all).containsExactlyInAnyOrder(late.id(), idle.id());
    }

    @Test
    void anActorThatFailsWhileItDrainsEndedInTime() throws Exception {
        ActorHandle<Work> late = spawnStuck();
        scene.client.send(late.ref(), new Work.Do("fail"));
        var end = scene.proc.stop(Waiting.PATIENCE, "done");
        untilToldToStop(late);
        stuck.release.countDown();
        assertThat(Waiting.get(end).stopped()).containsExactly(late.id());
        assertThat(scene.events).allMatch(SupervisionEvent::isFailure).hasSize(1);
    }

    @Test
    void aSecondEndIsTheFirstOnesEnd() throws Exception {
        scene.spawn("a", new Counting());
        var first = scene.proc.stop(Waiting.PATIENCE, "first");
        Proc.Destroyed second = scene.proc.destroyAndWait(Duration.ZERO, "second");
        assertThat(second).isEqualTo(Waiting.get(first)).isEqualTo(Waiting.get(scene.proc.ended()));
        assertThat(second.stopped()).hasSize(1);
    }

    @Test
    void anEndlessGraceIsNoMistake() {
        scene.spawn("a", new Counting());
        var end = scene.proc.stop(Duration.ofSeconds(Long.MAX_VALUE), "no hurry");
        assertThat(Waiting.get(end).stopped()).hasSize(1);
    }

    @Test
    void anActorMayEndItsProc() {
        ActorHandle<Work> ender =
                scene.spawn(
                        "ender",
                        (cx, message) -> {
                            var _ = cx.proc().stop(Waiting.PATIENCE, "from inside");
                        });
        ActorHandle<Work> other = scene.spawn("other", new Counting());
        scene.count(ender.ref(), 0, 1);
        assertThat(Waiting.get(scene.proc.ended()).stopped())
                .containsExactlyInAnyOrder(ender.id(), other.id());
    }

    @Test
    void anActorThatWaitsForTheEndOfItsProcIsAborted() {
        CountDownLatch woken = new CountDownLatch(1);
        ActorHandle<Work> ender =
                scene.spawn(
                        "ender",
                        (cx, message) -> {
                            try { // the interrupt and the end it waits for come together
                                cx.proc().destroyAndWait(SHORT, "from inside");
                            } finally {
                                woken.countDown();
                            }
                        });
        scene.count(ender.ref(), 0, 1);
        assertThat(Waiting.get(scene.proc.ended()).aborted()).containsExactly(ender.id());
        Waiting.on(woken);
    }

    @Test
    void aDrainingActorGetsNoMoreChildren() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        ActorHandle<Work> parent =
                scene.spawn(
                        "parent",
                        (cx, message) -> {
                            entered.countDown();
                            closing.await();
                            try {
                                cx.spawn("child", Scene.type("child", new Counting()));
                            } catch (HyperactorException e) {
                                refusal.complete(e);
                            }
                        });
        scene.count(parent.ref(), 0, 1);
        Waiting.on(entered);
        var end = scene.proc.stop(Waiting.PATIENCE, "done");
        untilToldToStop(parent);
        closing.countDown();
        assertThat(Waiting.get(refusal)).isInstanceOf(HyperactorException.ProcClosed.class);
        assertThat(Waiting.get(end).stopped()).containsExactly(parent.id());
    }

    @Test
    void whoStopsWaitingDoesNotStopTheEnd() {
        ActorHandle<Work> late = spawnStuck();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> scene.proc.destroyAndWait(Waiting.PATIENCE, "done"))
                .isInstanceOf(InterruptedException.class);
        untilToldToStop(late);
        stuck.release.countDown();
        assertThat(Waiting.get(scene.proc.ended()).stopped()).hasSize(1);
    }

    @Test
    void aWayOutThatFailsToFlushDoesNotKeepAProcFromEnding() {
        MailboxSender broken =
                new MailboxSender() {
                    @Override
                    public boolean offer(Envelope envelope) {
                        return false;
                    }

                    @Override
                    public CompletableFuture<Void> flush() {
                        throw new IllegalStateException("broken on purpose");
                    }
                };
        ProcId id = new ProcId(new ChannelAddress.Local(1), "broken");
        Proc proc = Proc.configured(id, broken);
        proc.spawn("a", Scene.type("a", new Counting()));
        assertThat(Waiting.get(proc.stop(Waiting.PATIENCE, "done")).stopped()).hasSize(1);
    }

    @Test
    void clientsOutliveTheirProcsActorsAndCloseWithIt() throws Exception {
        Port<Long> port = scene.client.openPort(Long.class);
        scene.proc.destroyAndWait(Waiting.PATIENCE, "done");
        scene.client.send(port.ref(), 7L);
        assertThat(port.poll()).contains(7L);
        OncePort<Long> waiting = scene.client.openOncePort();
        scene.proc.close();
        scene.proc.close();
        assertThatThrownBy(() -> waiting.receive(Waiting.PATIENCE))
                .isInstanceOf(AskException.AskerEnded.class);
    }
}
