package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

final class ActorFailureTest {
    private final Scene scene = new Scene();
    private final Counting actor = new Counting();

    @AfterEach
    void end() {
        scene.close();
    }

    private static Throwable failureOf(ActorHandle<?> handle) {
        return Waiting.get(handle.ended()).failure();
    }

    @Test
    void aThrowingHandlerFailsTheActorWithItsThrowable() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.client.send(handle.ref(), new Work.Do("fail"));
        Throwable failure = failureOf(handle);
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("on purpose");
        assertThat(failure.getStackTrace()[0].getMethodName()).isEqualTo("act");
        assertThat(scene.events)
                .containsExactly(
                        new SupervisionEvent(handle.id(), new ActorStatus.Failed(failure)));
        assertThat(scene.events.getFirst().cause()).containsSame(failure);
        assertThat(Waiting.get(scene.proc.failed())).isEqualTo(scene.events.getFirst());
        assertThat(actor.calls).containsExactly("init", "fail", "cleanup");
    }

    @Test
    void whatWasQueuedBehindAFailureComesBackInOrderAndSoDoesWhatComesLater() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        scene.client.send(handle.ref(), new Work.Do("fail"));
        scene.count(handle.ref(), 0, 100);
        actor.release.countDown();
        assertThat(failureOf(handle)).hasMessage("on purpose");
        scene.count(handle.ref(), 100, 110);

        assertThat(scene.reasons(110)).containsOnly(Reason.ACTOR_FAILED).hasSize(110);
        assertThat(scene.returnedNumbers()).isSorted().doesNotHaveDuplicates();
        assertThat(actor.numbers).isEmpty();
    }

    @Test
    void aFailureWhileDrainingIsAFailure() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        scene.client.send(handle.ref(), new Work.Do("fail"));
        scene.count(handle.ref(), 0, 1);
        handle.stop("done");
        actor.release.countDown();
        assertThat(failureOf(handle)).hasMessage("on purpose");
        assertThat(scene.reasons(1)).containsExactly(Reason.ACTOR_FAILED);
    }

    @Test
    void aThrowingInitFailsTheActorAndReturnsWhatWaited() {
        CountDownLatch mayFail = new CountDownLatch(1);
        Counting failing =
                new Counting() {
                    @Override
                    public void init(Context<Work> cx) throws Exception {
                        mayFail.await();
                        throw new IllegalStateException("no start");
                    }
                };
        ActorHandle<Work> handle = scene.spawn("a", failing);
        scene.count(handle.ref(), 0, 3);
        mayFail.countDown();
        assertThat(failureOf(handle)).hasMessage("no start");
        assertThat(scene.reasons(3)).containsOnly(Reason.ACTOR_FAILED);
        assertThat(scene.returnedNumbers()).containsExactly(0L, 1L, 2L);
        assertThat(failing.calls).containsExactly("cleanup");
        assertThat(scene.events).hasSize(1).allMatch(SupervisionEvent::isFailure);
    }

    @Test
    void aFactoryThatThrowsFailsTheActor() {
        ActorHandle<Work> handle =
                scene.proc.spawn(
                        "a",
                        Scene.typeOf(
                                "a",
                                () -> {
                                    throw new IllegalStateException("no behaviour");
                                }));
        scene.count(handle.ref(), 0, 1);
        assertThat(failureOf(handle)).hasMessage("no behaviour");
        assertThat(scene.reasons(1)).containsExactly(Reason.ACTOR_FAILED);
    }

    @Test
    void errorsFailTheActorToo() {
        ActorHandle<Work> handle = scene.spawn("a", (cx, message) -> endless(0));
        scene.count(handle.ref(), 0, 1);
        assertThat(failureOf(handle)).isInstanceOf(StackOverflowError.class);
    }

    @SuppressWarnings("InfiniteRecursion") // to overflow the stack
    private static int endless(int depth) {
        return 1 + endless(depth + 1);
    }

    @Test
    void errorsOfTheVirtualMachineAreToldApart() {
        CompletableFuture<Error> fatal = new CompletableFuture<>();
        scene.proc.onFatal(error -> {
            fatal.complete(error);
            throw new IllegalStateException("a listener with a fault of its own");
        });
        OutOfMemoryError error = new OutOfMemoryError("on purpose");
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        (cx, message) -> {
                            throw error;
                        });
        scene.count(handle.ref(), 0, 1);
        assertThat(failureOf(handle)).isSameAs(error);
        assertThat(Waiting.get(fatal)).isSameAs(error);
    }

    @Test
    void theNameIsFreeBeforeTheEventAndTheEventComesBeforeTheStatus() {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CompletableFuture<ActorHandle<Work>> handle = new CompletableFuture<>();
        scene.proc.supervise(event -> {
            boolean early = handle.join().status().isTerminal() || handle.join().ended().isDone();
            var heir = scene.spawn("a", new Counting());
            seen.complete((early ? "status first, then " : "") + heir.id().name() + " again");
        });
        handle.complete(scene.spawn("a", actor));
        handle.join().stop("done");
        assertThat(Waiting.get(seen)).isEqualTo("a again");
        Waiting.until(() -> handle.join().status().isTerminal());
    }

    @Test
    void theOrderIsTheSameForAKilledActor() {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CompletableFuture<ActorHandle<Work>> handle = new CompletableFuture<>();
        scene.proc.supervise(event -> {
            boolean early = handle.join().status().isTerminal() || handle.join().ended().isDone();
            var heir = scene.spawn("a", new Counting());
            seen.complete((early ? "status first, then " : "") + heir.id().name() + " again");
        });
        handle.complete(scene.spawn("a", actor));
        handle.join().kill("no reason");
        assertThat(Waiting.get(seen)).isEqualTo("a again");
        Waiting.until(() -> handle.join().status().isTerminal());
    }

    @Test
    void aCleanStopIsAnEventThatIsNoFailure() {
        ActorHandle<Work> handle = scene.spawn("a", actor);
        handle.stop("done");
        assertThat(Waiting.get(handle.ended())).isEqualTo(new ActorStatus.Stopped("done"));
        assertThat(scene.events)
                .containsExactly(
                        new SupervisionEvent(handle.id(), new ActorStatus.Stopped("done")));
        assertThat(scene.events.getFirst().isFailure()).isFalse();
        assertThat(scene.events.getFirst().cause()).isEmpty();
        assertThat(scene.proc.failed()).isNotDone();
    }

    @Test
    void aThrowingSupervisorHarmsNobody() throws Exception {
        scene.proc.supervise(event -> {
            throw new IllegalStateException("a supervisor with a fault of its own");
        });
        for (int i = 0; i < 20; i++) {
            ActorHandle<Work> handle = scene.spawn("a" + i, new Counting());
            handle.stop("done");
            assertThat(Waiting.get(handle.ended())).isEqualTo(new ActorStatus.Stopped("done"));
        }
        assertThat(scene.ask(scene.spawn("b", actor).ref(), 0)).isZero();
    }

    @Test
    void aThrowingListenerForReturnsHarmsNobody() {
        scene.client.onUndeliverable(returned -> {
            scene.cameBack(returned);
            throw new IllegalStateException("a listener with a fault of its own");
        });
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        scene.client.send(handle.ref(), new Work.Do("fail"));
        scene.count(handle.ref(), 0, 10);
        actor.release.countDown();
        assertThat(failureOf(handle)).hasMessage("on purpose");
        assertThat(scene.reasons(10)).hasSize(10);
        scene.count(handle.ref(), 10, 11); // does not throw here either
        assertThat(scene.reasons(11)).hasSize(11);
    }

    @Test
    @SuppressWarnings({"ReferenceEquality", "ThrowableEqualsHashCode"}) // hostile on purpose
    void aThrowableThatCanNotBeDescribedIsStillAFailure() {
        RuntimeException hostile =
                new RuntimeException() {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("no message");
                    }

                    @Override
                    public boolean equals(Object other) {
                        throw new IllegalStateException("no comparison");
                    }

                    @Override
                    public int hashCode() {
                        throw new IllegalStateException("no hash");
                    }
                };
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void receive(Context<Work> cx, Work message) {
                                throw hostile;
                            }

                            @Override
                            public void cleanup(Context<Work> cx) {
                                throw hostile;
                            }
                        });
        scene.count(handle.ref(), 0, 1);
        assertThat(failureOf(handle) == hostile).isTrue();
        assertThat(handle.status().toString()).contains("its message could not be read");
    }

    @Test
    void aFailingCleanupIsAddedToTheFailureBeforeIt() {
        ActorHandle<Work> handle =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void cleanup(Context<Work> cx) {
                                throw new IllegalStateException("not clean");
                            }
                        });
        scene.client.send(handle.ref(), new Work.Do("fail"));
        assertThat(failureOf(handle)).hasMessage("on purpose");
        assertThat(failureOf(handle).getSuppressed()).hasSize(1);
        assertThat(List.of(failureOf(handle).getSuppressed()))
                .extracting(Throwable::getMessage)
                .containsExactly("not clean");
    }
}
