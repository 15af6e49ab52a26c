package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

final class RepliesTest {
    private static final int MANY = 200;

    private final Scene scene = new Scene();

    @AfterEach
    void end() {
        scene.close();
    }

    /// Answers that many questions together, with their own numbers.
    private ActorRef<Work> patient(int questions) {
        List<Work.Question> asked = new ArrayList<>();
        return scene.spawn(
                        "patient",
                        (cx, message) -> {
                            asked.add((Work.Question) message);
                            if (asked.size() == questions) {
                                asked.forEach(each -> cx.send(each.replyTo(), each.value()));
                            }
                        })
                .ref();
    }

    private CompletableFuture<Long> request(ActorRef<Work> to, long value) {
        return scene.client.request(
                to, (OncePortRef<Long> reply) -> new Work.Question(value, reply), Waiting.PATIENCE);
    }

    @Test
    void answersThatComeTogetherReachTheirOwnFutures() {
        ActorRef<Work> patient = patient(MANY);
        List<CompletableFuture<Long>> futures = new ArrayList<>();
        for (long i = 0; i < MANY; i++) {
            futures.add(request(patient, i));
        }
        for (long i = 0; i < MANY; i++) {
            assertThat(Waiting.get(futures.get((int) i))).isEqualTo(i);
        }
    }

    @Test
    void whatBlocksAfterAnAnswerKeepsNoOtherAnswerWaiting() {
        ActorRef<Work> patient = patient(MANY);
        CountDownLatch all = new CountDownLatch(MANY);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (long i = 0; i < MANY; i++) {
            boolean blocks = i % 50 == 0;
            ends.add(
                    request(patient, i)
                            .thenAccept(_ -> {
                                all.countDown();
                                if (blocks) {
                                    Waiting.on(all);
                                }
                            }));
        }
        ends.forEach(Waiting::get);
        assertThat(all.getCount()).isZero();
    }

    @Test
    void whatAnAnswerWakesMayBeAnotherRequest() {
        ActorRef<Work> first = patient(MANY);
        ActorRef<Work> echo =
                scene.spawn(
                                "echo",
                                (cx, message) -> {
                                    Work.Question question = (Work.Question) message;
                                    cx.send(question.replyTo(), question.value());
                                })
                        .ref();
        List<CompletableFuture<Long>> futures = new ArrayList<>();
        for (long i = 0; i < MANY; i++) {
            futures.add(request(first, i).thenCompose(answer -> request(echo, answer + 1)));
        }
        for (long i = 0; i < MANY; i++) {
            assertThat(Waiting.get(futures.get((int) i))).isEqualTo(i + 1);
        }
    }

    @Test
    void answersThatThereIsNoMemoryForWaitUntilThereIs() {
        Dispatcher dispatcher = Dispatcher.shared();
        AtomicInteger lacks = new AtomicInteger(3);
        Replies replies =
                new Replies(
                        dispatcher,
                        () -> {
                            if (lacks.getAndDecrement() > 0) {
                                throw new OutOfMemoryError("on purpose");
                            }
                            return new Replies.Row(dispatcher);
                        });
        List<OncePort<Long>> ports = new ArrayList<>();
        for (long i = 1; i <= MANY; i++) {
            OncePort<Long> port = new OncePort<>(scene.client, i, null, replies);
            ports.add(port);
            if (replies.put(port)) {
                replies.wake();
            }
        }
        ports.forEach(port -> Waiting.get(port.value()));
        assertThat(lacks.get()).isNegative();
    }

    @Test
    void anAnswerForAFutureThatWasGivenUpDoesNotComeBack() {
        ActorRef<Work> patient = patient(2);
        CompletableFuture<Long> givenUp = request(patient, 1);
        assertThat(givenUp.cancel(false)).isTrue();
        CompletableFuture<Long> other = request(patient, 2);
        assertThat(Waiting.get(other)).isEqualTo(2);
        assertThat(scene.returned()).isEmpty();
    }
}
