package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hyperactor.DeliveryFailure.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

final class AskTest {
    private final Scene scene = new Scene();

    @AfterEach
    void end() {
        scene.close();
    }

    private static Function<OncePortRef<Long>, Work> question(long value) {
        return reply -> new Work.Question(value, reply);
    }

    private ActorRef<Work> doubler() {
        return scene.spawn(
                        "doubler",
                        (cx, message) -> {
                            if (message instanceof Work.Question(long value, var replyTo)) {
                                cx.send(replyTo, 2 * value);
                            }
                        })
                .ref();
    }

    private ActorRef<Work> deaf() {
        return scene.spawn("deaf", (cx, message) -> {}).ref();
    }

    private Throwable failureOf(CompletableFuture<Long> future) {
        return catchThrowable(() -> {
            try {
                future.get(Waiting.PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void anAskGivesTheAnswer() throws Exception {
        ActorRef<Work> doubler = doubler();
        for (long i = 0; i < 100; i++) {
            assertThat(scene.ask(doubler, i)).isEqualTo(2 * i);
        }
        assertThat(Waiting.get(scene.client.request(doubler, question(7), Waiting.PATIENCE)))
                .isEqualTo(14);
    }

    @Test
    void anEndlessTimeoutIsNoMistake() throws Exception {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        assertThat(scene.client.ask(doubler(), question(1), endless)).isEqualTo(2);
        var later =
                scene.client.request(
                        ActorRef.attest(scene.proc.id().actor("doubler", 0), Work.class),
                        question(2),
                        endless);
        assertThat(Waiting.get(later)).isEqualTo(4);
    }

    @Test
    void withoutAnAnswerInTimeItSaysWhoDidNotAnswer() {
        ActorRef<Work> deaf = deaf();
        Duration brief = Duration.ofMillis(5);
        assertThatThrownBy(() -> scene.client.ask(deaf, question(0), brief))
                .isInstanceOf(AskException.TimedOut.class)
                .hasMessage("no answer from " + deaf.id() + " within 5 ms");
        assertThat(failureOf(scene.client.request(deaf, question(0), brief)))
                .isInstanceOf(AskException.TimedOut.class)
                .hasMessageContaining(deaf.id().toString());
    }

    @Test
    void aRequestThatCanNotBeDeliveredFailsAtOnceWithTheRootCause() {
        ActorRef<Work> nobody = ActorRef.attest(scene.proc.id().actor("nobody", 0), Work.class);
        Throwable thrown =
                catchThrowable(() -> scene.client.ask(nobody, question(3), Waiting.PATIENCE));
        assertThat(thrown).isInstanceOf(AskException.Undelivered.class);
        Undeliverable returned = ((AskException.Undelivered) thrown).undeliverable();
        assertThat(returned.failure().reason()).isEqualTo(Reason.ACTOR_NOT_EXIST);
        assertThat(returned.message().orElseThrow())
                .isInstanceOfSatisfying(
                        Work.Question.class, q -> assertThat(q.value()).isEqualTo(3));
        assertThat(failureOf(scene.client.request(nobody, question(0), Waiting.PATIENCE)))
                .isInstanceOf(AskException.Undelivered.class);
        assertThat(scene.returned()).isEmpty();
    }

    @Test
    void aRequestLeftInTheQueueOfAFailedActorFailsAtOnce() {
        Counting actor = new Counting();
        ActorHandle<Work> handle = scene.spawn("a", actor);
        scene.client.send(handle.ref(), new Work.Do("hold"));
        Waiting.on(actor.held);
        scene.client.send(handle.ref(), new Work.Do("fail"));
        var answer = scene.client.request(handle.ref(), question(0), Waiting.PATIENCE);
        actor.release.countDown();
        assertThat(failureOf(answer))
                .isInstanceOfSatisfying(
                        AskException.Undelivered.class,
                        e ->
                                assertThat(e.undeliverable().failure().reason())
                                        .isEqualTo(Reason.ACTOR_FAILED));
    }

    @Test
    void aHandlerThatThrowsFailsTheAskAtOnce() {
        ActorRef<Work> failing =
                scene.spawn(
                                "failing",
                                (cx, message) -> {
                                    throw new IllegalArgumentException("on purpose");
                                })
                        .ref();
        assertThatThrownBy(() -> scene.ask(failing, 0))
                .isInstanceOf(AskException.HandlerFailed.class)
                .hasMessageContaining(failing.id().toString())
                .hasMessageContaining("IllegalArgumentException: on purpose");
    }

    @Test
    void anAnswerBeforeTheHandlerThrowsIsAnAnswer() throws Exception {
        ActorRef<Work> failing =
                scene.spawn(
                                "failing",
                                (cx, message) -> {
                                    if (message instanceof Work.Question(long value, var replyTo)) {
                                        cx.send(replyTo, value);
                                    }
                                    throw new IllegalArgumentException("on purpose");
                                })
                        .ref();
        assertThat(scene.ask(failing, 9)).isEqualTo(9);
    }

    @Test
    void closingTheAskerEndsItsAsks() {
        CountDownLatch asked = new CountDownLatch(1);
        ActorRef<Work> slow = scene.spawn("slow", (cx, message) -> asked.countDown()).ref();
        Client asker = scene.proc.client("asker");
        var answer = asker.request(slow, question(0), Waiting.PATIENCE);
        Waiting.on(asked);
        asker.close();
        assertThat(failureOf(answer)).isInstanceOf(AskException.AskerEnded.class);
    }

    @Test
    void aLateAnswerComesBackToWhoeverGaveIt() {
        CountDownLatch timedOut = new CountDownLatch(1);
        CompletableFuture<Undeliverable> late = new CompletableFuture<>();
        ActorRef<Work> slow =
                scene.spawn(
                                "slow",
                                new Counting() {
                                    @Override
                                    public void receive(Context<Work> cx, Work message)
                                            throws Exception {
                                        timedOut.await();
                                        super.receive(cx, message);
                                    }

                                    @Override
                                    public void undeliverable(
                                            Context<Work> cx, Undeliverable returned) {
                                        late.complete(returned);
                                    }
                                })
                        .ref();
        assertThatThrownBy(() -> scene.client.ask(slow, question(0), Duration.ofMillis(1)))
                .isInstanceOf(AskException.TimedOut.class);
        timedOut.countDown();
        assertThat(Waiting.get(late).failure().reason()).isEqualTo(Reason.PORT_GONE);
    }

    @Test
    void aRequestThatCanNotBeMadeLeavesNothingBehind() {
        ActorRef<Work> deaf = deaf();
        Function<OncePortRef<Long>, Work> broken =
                reply -> {
                    throw new IllegalArgumentException("on purpose");
                };
        assertThatThrownBy(() -> scene.client.ask(deaf, broken, Waiting.PATIENCE))
                .hasMessage("on purpose");
        assertThatThrownBy(() -> scene.client.request(deaf, broken, Waiting.PATIENCE))
                .hasMessage("on purpose");
    }

    @Test
    void aRequestCompletesOnAThreadOfTheDispatcher() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        ActorRef<Work> slow =
                scene.spawn(
                                "slow",
                                (cx, message) -> {
                                    mayAnswer.await();
                                    cx.send(((Work.Question) message).replyTo(), 1L);
                                })
                        .ref();
        CompletableFuture<String> thread =
                scene.client
                        .request(slow, question(0), Waiting.PATIENCE)
                        .thenApply(answer -> Thread.currentThread().getName());
        mayAnswer.countDown();
        assertThat(Waiting.get(thread)).startsWith("hyperactor-");
    }

    @Test
    void aRequestThatTimesOutCompletesOnAThreadOfTheDispatcher() {
        ActorRef<Work> deaf = deaf();
        String own = Thread.currentThread().getName();
        String thread = own;
        // until it is long enough to add what follows meanwhile
        for (int millis = 10; thread.equals(own); millis *= 2) {
            thread =
                    Waiting.get(
                            scene.client
                                    .request(deaf, question(0), Duration.ofMillis(millis))
                                    .handle((_, _) -> Thread.currentThread().getName()));
        }
        assertThat(thread).matches("hyperactor-\\d+");
    }

    @Test
    void aHundredActorsThatWaitForAnswersStopNobody() throws Exception {
        int askers = 100;
        List<OncePortRef<Long>> waiting = new ArrayList<>();
        CountDownLatch arrived = new CountDownLatch(askers);
        ActorRef<Work> oracle =
                scene.spawn(
                                "oracle",
                                (cx, message) -> {
                                    switch (message) {
                                        case Work.Question(long _, var replyTo) -> {
                                            waiting.add(replyTo);
                                            arrived.countDown();
                                        }
                                        default -> waiting.forEach(replyTo -> cx.send(replyTo, 1L));
                                    }
                                })
                        .ref();
        CountDownLatch answered = new CountDownLatch(askers);
        for (int i = 0; i < askers; i++) {
            ActorRef<Work> asker =
                    scene.spawn(
                                    "asker" + i,
                                    (cx, message) -> {
                                        long answer = cx.ask(oracle, question(0), Waiting.PATIENCE);
                                        assertThat(answer).isEqualTo(1);
                                        answered.countDown();
                                    })
                            .ref();
            scene.count(asker, 0, 1);
        }
        Waiting.on(arrived);
        assertThat(scene.ask(doubler(), 21)).isEqualTo(42); // while all of them wait
        scene.count(oracle, 0, 1);
        Waiting.on(answered);
    }

    @Test
    void aThousandBlockedHandlersStopNobody() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1000);
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < 1000; i++) {
            ActorRef<Work> blocking =
                    scene.spawn(
                                    "blocking" + i,
                                    (cx, message) -> {
                                        blocked.countDown();
                                        release.await();
                                    })
                            .ref();
            scene.count(blocking, 0, 1);
        }
        Waiting.on(blocked);
        assertThat(scene.ask(doubler(), 21)).isEqualTo(42);
        release.countDown();
    }

    @Test
    void anActorThatAsksItselfWaitsInVain() {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        ActorHandle<Work> vain =
                scene.spawn(
                        "vain",
                        (cx, message) -> {
                            if (message instanceof Work.Item) {
                                failure.complete(
                                        catchThrowable(() ->
                                                cx.ask(
                                                        cx.self(),
                                                        question(0),
                                                        Duration.ofMillis(1))));
                            }
                        });
        scene.count(vain.ref(), 0, 1);
        assertThat(Waiting.get(failure)).isInstanceOf(AskException.TimedOut.class);
    }

    @Test
    void anInterruptEndsTheWaiting() {
        ActorRef<Work> deaf = deaf();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> scene.client.ask(deaf, question(0), Waiting.PATIENCE))
                .isInstanceOf(InterruptedException.class);
    }
}
