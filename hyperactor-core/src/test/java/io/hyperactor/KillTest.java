package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

final class KillTest {
    private final Scene scene = new Scene();
    private final Counting actor = new Counting();

    @AfterEach
    void end() {
        scene.close();
    }

    private static void assertAborted(ActorHandle<?> handle, String reason) {
        assertThat(Waiting.get(handle.ended()).failure())
                .isInstanceOf(HyperactorException.Aborted.class)
                .hasMessage("actor " + handle.id() + " explicitly aborted due to: " + reason);
    }

    private ActorHandle<Work> stuck() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        return handle;
    }

    @Test
    void aKilledActorEndsAtOnceAndItsQueueComesBack() {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CountDownLatch entered = new CountDownLatch(1);
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void receive(Context<Work> cx, Work message) {
                                entered.countDown();
                                try {
                                    release.await();
                                } catch (InterruptedException e) {
                                    interrupted.complete(true);
                                }
                            }

                            @Override
                            public void cleanup(Context<Work> cx) {
                                interrupted.complete(false);
                            }
                        });
        scene.count(handle.ref(), 0, 10);
        Waiting.on(entered);
        handle.kill("stuck");
        assertThat(handle.status().isTerminal()).isTrue();
        assertAborted(handle, "stuck");
        assertThat(Waiting.get(interrupted)).isTrue();
        assertThat(scene.reasons(9)).containsOnly(Reason.ACTOR_FAILED);
        assertThat(scene.returnedNumbers())
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(scene.events)
                .containsExactly(new SupervisionEvent(handle.id(), handle.status()));
        scene.count(handle.ref(), 10, 11);
        assertThat(scene.reasons(10).getLast()).isEqualTo(Reason.ACTOR_FAILED);
    }

    @Test
    void whoeverAsksLaterLearnsTheEndToo() {
        for (int i = 0; i < 50; i++) {
            Counting behaviour = new Counting();
            ActorHandle<Work> handle = scene.spawn("late" + i, behaviour);
            scene.client.send(handle.ref(), new Work.Do("hold"));
            Waiting.on(behaviour.held);
            handle.kill("stuck");
            scene.client.send(handle.ref(), new Work.Item(i));
            Waiting.until(() -> handle.ended().isDone());
            assertAborted(handle, "stuck");
        }
    }

    @Test
    void theEndStaysKnownWhenTheInterruptedHandlerComesBackWithAFailure() {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            entered.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } finally {
                                left.countDown();
                            }
                        });
        scene.count(handle.ref(), 0, 1);
        Waiting.on(entered);
        handle.kill("stuck");
        Waiting.on(left);
        var probe = scene.spawn("probe", new Counting());
        probe.stop("after what the worker had still to do");
        Waiting.get(probe.ended());
        for (int i = 0; i < 1000; i++) {
            assertThat(handle.status().failure()).isInstanceOf(HyperactorException.Aborted.class);
        }
        assertAborted(handle, "stuck");
    }

    /// Heeds no interrupt; its late result is an answer, or a failure.
    private static final class Endless implements Actor<Work> {
        final CountDownLatch entered = new CountDownLatch(1);
        final AtomicBoolean end = new AtomicBoolean();
        final CountDownLatch over = new CountDownLatch(1);

        @Override
        public void receive(Context<Work> cx, Work message) {
            entered.countDown();
            while (!end.get()) {
                Thread.onSpinWait();
            }
            if (message instanceof Work.Question(long _, var replyTo)) {
                cx.send(replyTo, 1L);
            }
            over.countDown();
            throw new IllegalStateException("a late result");
        }
    }

    @Test
    void anActorThatIgnoresInterruptsIsReplacedWhileItStillRuns() throws Exception {
        Endless endless = new Endless();
        ActorHandle<Work> zombie = scene.spawn("a", endless);
        scene.count(zombie.ref(), 0, 1);
        Waiting.on(endless.entered);
        zombie.kill("endless");
        assertAborted(zombie, "endless");

        ActorHandle<Work> heir = scene.spawn("a", actor);
        assertThat(scene.ask(heir.ref(), 0)).isZero();
        endless.end.set(true);
        Waiting.on(endless.over);
        assertThat(scene.ask(heir.ref(), 0)).isZero();
        assertAborted(zombie, "endless");
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void whoAskedAnActorThatIgnoresItsKillIsToldAtOnce() {
        Endless endless = new Endless();
        ActorHandle<Work> zombie = scene.spawn("a", endless);
        CompletableFuture<Long> answer =
                scene.client.request(
                        zombie.ref(),
                        reply -> new Work.Question(0, reply),
                        Waiting.PATIENCE.multipliedBy(10));
        Waiting.on(endless.entered);
        zombie.kill("endless");
        assertThat(Waiting.failure(answer))
                .isInstanceOf(AskException.HandlerFailed.class)
                .hasMessage(zombie.id() + " aborted: endless");
        endless.end.set(true);
        Waiting.on(endless.over);
        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void whoAskedAnActorThatHeedsItsKillIsToldOfTheKill() {
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            actor.held.countDown();
                            actor.release.await();
                        });
        CompletableFuture<Long> answer =
                scene.client.request(
                        handle.ref(), reply -> new Work.Question(0, reply), Waiting.PATIENCE);
        Waiting.on(actor.held);
        handle.kill("no patience");
        assertThat(Waiting.failure(answer)).hasMessage(handle.id() + " aborted: no patience");
    }

    @Test
    void killingAParentKillsItsDescendants() {
        CompletableFuture<ActorHandle<Work>> child = new CompletableFuture<>();
        CompletableFuture<ActorHandle<Work>> grandchild = new CompletableFuture<>();
        Counting middle =
                new Counting() {
                    @Override
                    public void init(Context<Work> cx) {
                        grandchild.complete(cx.spawn("grandchild", Scene.type("g", actor)));
                    }
                };
        ActorHandle<Work> root =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void init(Context<Work> cx) {
                                child.complete(cx.spawn("child", Scene.type("c", middle)));
                            }
                        });
        ActorHandle<Work> lowest = Waiting.get(grandchild);
        scene.client.send(lowest.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        scene.count(lowest.ref(), 0, 3);
        root.kill("the lot");
        assertAborted(lowest, "the lot");
        assertAborted(Waiting.get(child), "the lot");
        assertAborted(root, "the lot");
        assertThat(scene.reasons(3)).containsOnly(Reason.ACTOR_FAILED);
        assertThat(scene.proc.actors()).isEmpty();
        assertThat(scene.events).extracting(SupervisionEvent::actor).containsExactly(root.id());
        assertThat(actor.calls).doesNotContain("cleanup");
    }

    @Test
    void aKilledActorGetsNoMoreChildren() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            entered.countDown();
                            while (killed.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                            try {
                                cx.spawn("orphan", Scene.type("orphan", actor));
                                refusal.complete(null);
                            } catch (RuntimeException e) {
                                refusal.complete(e);
                            }
                        });
        scene.count(handle.ref(), 0, 1);
        Waiting.on(entered);
        handle.kill("stuck");
        killed.countDown();
        assertThat(Waiting.get(refusal)).isInstanceOf(HyperactorException.Ended.class);
        assertThat(scene.proc.actors()).isEmpty();
    }

    @Test
    void aKilledChildIsAFailureForItsParent() {
        CompletableFuture<ActorHandle<Work>> child = new CompletableFuture<>();
        ActorHandle<Work> root =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void init(Context<Work> cx) {
                                child.complete(cx.spawn("child", Scene.type("c", actor)));
                            }
                        });
        Waiting.get(child).kill("no reason");
        assertThat(Waiting.get(root.ended()).failure())
                .isInstanceOf(HyperactorException.ChildFailed.class)
                .hasCauseInstanceOf(HyperactorException.Aborted.class);
    }

    @Test
    void anIdleActorAndOneThatHasHardlyBegunCanBeKilled() throws Exception {
        ActorHandle<Work> idle = scene.spawn("idle", actor);
        scene.ask(idle.ref(), 0);
        Waiting.until(() -> idle.status() instanceof ActorStatus.Idle);
        idle.kill("idle");
        assertAborted(idle, "idle");
        for (int i = 0; i < 200; i++) {
            ActorHandle<Work> young = scene.spawn("young", new Counting());
            scene.count(young.ref(), i, i + 1);
            young.kill("young");
            assertAborted(young, "young");
        }
        assertThat(scene.events).hasSize(201);
    }

    @Test
    void killingAnActorThatHasEndedChangesNothing() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        handle.stop("done");
        Waiting.get(handle.ended());
        handle.kill("too late");
        handle.kill("far too late");
        assertThat(handle.status()).isEqualTo(new ActorStatus.Stopped("done"));
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void anActorThatKillsItselfEndsAborted() {
        CompletableFuture<ActorHandle<Work>> self = new CompletableFuture<>();
        ActorHandle<Work> handle =
                scene.spawn("a", (cx, message) -> self.join().kill("tired of it"));
        self.complete(handle);
        scene.count(handle.ref(), 0, 3);
        assertAborted(handle, "tired of it");
        assertThat(scene.reasons(2)).containsOnly(Reason.ACTOR_FAILED).hasSize(2);
    }

    @Test
    void whatAKilledActorWaitsForFails() {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        ActorRef<Work> deaf = scene.spawn("deaf", (cx, message) -> asked.countDown()).ref();
        ActorHandle<Work> asker =
                scene.spawn(
                        "asker",
                        (cx, message) -> {
                            try {
                                cx.ask(
                                        deaf,
                                        (OncePortRef<Long> reply) -> new Work.Question(0, reply),
                                        Waiting.PATIENCE);
                            } catch (InterruptedException | AskException e) {
                                failure.complete(e);
                            }
                        });
        scene.count(asker.ref(), 0, 1);
        Waiting.on(asked);
        asker.kill("waits too long");
        assertThat(Waiting.get(failure))
                .isInstanceOfAny(InterruptedException.class, AskException.AskerEnded.class);
    }

    @Test
    void aStuckActorBlocksNobodyElse() throws Exception {
        ActorHandle<Work> handle = stuck();
        assertThat(scene.ask(scene.spawn("b", new Counting()).ref(), 0)).isZero();
        handle.kill("stuck");
        assertAborted(handle, "stuck");
    }

    /// Each has a child as long as its number is not 0.
    private static final class Ancestor implements Actor<Work> {
        private final Queue<ActorHandle<Work>> family;
        private final CountDownLatch last;

        Ancestor(Queue<ActorHandle<Work>> family, CountDownLatch last) {
            this.family = family;
            this.last = last;
        }

        @Override
        public void receive(Context<Work> cx, Work message) {
            long generations = ((Work.Item) message).value();
            if (generations == 0) {
                last.countDown();
                return;
            }
            ActorHandle<Work> child = cx.spawn("child", type(family, last));
            family.add(child);
            cx.send(child.ref(), new Work.Item(generations - 1));
        }

        static ActorType<Work> type(Queue<ActorHandle<Work>> family, CountDownLatch last) {
            return Scene.typeOf("ancestor", () -> new Ancestor(family, last));
        }
    }

    @Test
    void killingAnActorKillsHoweverManyGenerationsBelow() {
        Queue<ActorHandle<Work>> family = new ConcurrentLinkedQueue<>();
        CountDownLatch last = new CountDownLatch(1);
        ActorHandle<Work> first = scene.proc.spawn("first", Ancestor.type(family, last));
        scene.client.send(first.ref(), new Work.Item(10_000));
        Waiting.on(last);
        first.kill("all of them");
        assertAborted(first, "all of them");
        assertThat(family).hasSize(10_000).allMatch(each -> each.status().isTerminal());
    }

    @Test
    void childrenThatAreBornWhileTheirParentIsKilledDieToo() {
        for (int round = 0; round < 200; round++) {
            CountDownLatch begun = new CountDownLatch(1);
            ActorHandle<Work> parent =
                    scene.spawn(
                            "parent",
                            (cx, message) -> {
                                while (true) { // until it is killed
                                    cx.spawn("child", Scene.type("child", (its, own) -> {}));
                                    begun.countDown();
                                }
                            });
            scene.count(parent.ref(), 0, 1);
            Waiting.on(begun);
            parent.kill("while it has children");
            assertAborted(parent, "while it has children");
            Waiting.until(() -> scene.proc.instances().actors().isEmpty());
        }
    }
}
