package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/// Whoever asks is told at once of an answer that comes back while his request is handled, and of
/// one that cannot be read; and who gives it lives.
final class UnsentAnswersTest extends OnePair {
    private static final int FRAME_MAX = 100_000;

    /// Asks for so many characters.
    record Query(int length, OncePortRef<String> replyTo) {}

    /// Half a character has no encoding.
    private static final int HALF_A_CHARACTER = -1;

    private static Work question(OncePortRef<Long> replyTo) {
        return new Work.Question(0, replyTo);
    }

    private final List<Reason> back = new CopyOnWriteArrayList<>();

    private ActorHandle<Query> giver(boolean isDefault) {
        return pair.there.proc.spawn(
                "giver", ActorType.of("giver", Query.class, () -> new Giver(isDefault)));
    }

    /// Answers as asked.
    private final class Giver implements Actor<Query> {
        private final boolean isDefault;

        Giver(boolean isDefault) {
            this.isDefault = isDefault;
        }

        @Override
        public void receive(Context<Query> cx, Query query) {
            cx.send(
                    query.replyTo(),
                    query.length() == HALF_A_CHARACTER ? "\uD83D" : "x".repeat(query.length()));
        }

        @Override
        public void undeliverable(Context<Query> cx, Undeliverable returned) throws Exception {
            back.add(returned.failure().reason());
            if (isDefault) {
                Actor.super.undeliverable(cx, returned);
            }
        }
    }

    private String ask(ActorRef<Query> giver, int length) throws InterruptedException {
        return pair.here.client.ask(giver, port -> new Query(length, port), Waiting.PATIENCE);
    }

    private void assertNoAnswer(ActorRef<Query> giver, int length, Reason reason) {
        assertThatThrownBy(() -> ask(giver, length))
                .isInstanceOf(AskException.HandlerFailed.class)
                .hasMessageContaining(giver.id() + " could not answer: " + reason.text());
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void anAnswerThatIsTooLarge(Transport transport) throws Exception {
        linked(transport, channels -> channels.withFrameMaxBytes(FRAME_MAX));
        ActorHandle<Query> giver = giver(true);
        assertNoAnswer(giver.ref(), FRAME_MAX, Reason.FRAME_TOO_LARGE);
        assertThat(ask(giver.ref(), 3)).isEqualTo("xxx");
        assertThat(back).containsExactly(Reason.FRAME_TOO_LARGE);
        assertThat(giver.status().isTerminal()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void anAnswerThatHasNoEncoding(Transport transport) throws Exception {
        pair(transport);
        ActorHandle<Query> giver = giver(false);
        assertNoAnswer(giver.ref(), HALF_A_CHARACTER, Reason.UNENCODABLE);
        assertThat(ask(giver.ref(), 3)).isEqualTo("xxx");
        assertThat(back).containsExactly(Reason.UNENCODABLE);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whoseAnswerCameBackMayGiveAnotherOne(Transport transport) throws Exception {
        linked(transport, channels -> channels.withFrameMaxBytes(FRAME_MAX));
        ActorRef<Query> giver =
                pair.there
                        .proc
                        .spawn("giver", ActorType.of("giver", Query.class, Apologetic::new))
                        .ref();
        assertThat(ask(giver, FRAME_MAX)).isEqualTo("too much");
        assertThat(ask(giver, 3)).isEqualTo("xxx");
    }

    /// Says so if it has been asked for too much.
    private static final class Apologetic implements Actor<Query> {
        private Query last;

        @Override
        public void receive(Context<Query> cx, Query query) {
            last = query;
            cx.send(query.replyTo(), "x".repeat(query.length()));
        }

        @Override
        public void undeliverable(Context<Query> cx, Undeliverable returned) {
            cx.send(last.replyTo(), "too much");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatElseComesBackWhileARequestIsHandledIsNotItsAnswer(Transport transport)
            throws Exception {
        pair(transport);
        Semaphore cameBack = new Semaphore(0);
        ActorRef<Work> nobody = attested(pair.there.proc.id(), "nobody");
        ActorHandle<Work> giver =
                pair.there.spawn(
                        "giver",
                        new Actor<>() {
                            @Override
                            public void receive(Context<Work> cx, Work message) throws Exception {
                                cx.send(nobody, new Work.Item(1));
                                if (message instanceof Work.Question(var value, var replyTo)) {
                                    cx.send(replyTo, value);
                                }
                            }

                            @Override
                            public void undeliverable(Context<Work> cx, Undeliverable returned) {
                                cameBack.release();
                            }
                        });
        assertThat(pair.here.ask(giver.ref(), 7)).isEqualTo(7);
        cameBack.acquire();
    }

    /// The ports of each life of an asker have the same numbers.
    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void anAnswerToAnEarlierLifeOfAnAskerIsNotTheOneThatTheNextWaitsFor(Transport transport)
            throws Exception {
        pair(transport);
        Deque<OncePortRef<Long>> waiting = new ConcurrentLinkedDeque<>();
        ActorHandle<Work> giver =
                pair.there.spawn(
                        "giver",
                        new Actor<>() {
                            @Override
                            public void receive(Context<Work> cx, Work message) {
                                if (message instanceof Work.Question(_, var replyTo)) {
                                    waiting.add(replyTo);
                                    if (waiting.size() > 1) {
                                        cx.send(waiting.poll(), 1L);
                                        cx.send(waiting.poll(), 2L);
                                    }
                                }
                            }

                            @Override
                            public void undeliverable(Context<Work> cx, Undeliverable returned) {
                                back.add(returned.failure().reason());
                            }
                        });
        for (Proc at : List.of(pair.there.proc, pair.here.proc)) {
            try (Client first = at.client("asker")) {
                var _ = first.request(giver.ref(), UnsentAnswersTest::question, Waiting.PATIENCE);
                Waiting.until(() -> waiting.size() == 1);
            }
            try (Client second = at.client("asker")) {
                long answer =
                        second.ask(giver.ref(), UnsentAnswersTest::question, Waiting.PATIENCE);
                assertThat(answer).isEqualTo(2);
            }
        }
        Waiting.until(() -> back.size() == 2);
        assertThat(back).containsOnly(Reason.PORT_GONE);
    }

    /// As from a program that has another idea of the answer.
    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void anAnswerThatCanNotBeRead(Transport transport) {
        pair(transport);
        ActorHandle<Work> giver = pair.there.spawn("giver", this::answerAsAnother);
        assertThatThrownBy(() -> pair.here.ask(giver.ref(), 0))
                .isInstanceOf(AskException.HandlerFailed.class)
                .hasMessage("the answer of " + giver.id() + " can not be read here");
    }

    private void answerAsAnother(Context<Work> cx, Work message) {
        if (message instanceof Work.Question(_, var replyTo)) {
            ActorId asker = replyTo.id().actor();
            cx.send(
                    new OncePortRef<>(
                            Address.of(asker),
                            replyTo.incarnation(),
                            replyTo.index(),
                            Protocols.of(String.class)),
                    "no number");
        }
    }

    /// Anybody may know a port, and say something else there.
    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void whatSomebodyElseSaysAtThePortEndsNothing(Transport transport) throws Exception {
        pair(transport);
        CopyOnWriteArrayList<Work.Question> asked = new CopyOnWriteArrayList<>();
        ActorHandle<Work> giver =
                pair.there.spawn("giver", (cx, message) -> asked.add((Work.Question) message));
        ActorHandle<Work> other = pair.there.spawn("other", this::answerAsAnother);
        CompletableFuture<Long> answer =
                pair.here.client.request(
                        giver.ref(), UnsentAnswersTest::question, Waiting.PATIENCE);
        Waiting.until(() -> !asked.isEmpty());
        long undelivered = Counters.undelivered(Reason.PROTOCOL_MISMATCH);
        pair.there.client.send(other.ref(), asked.getFirst());
        Waiting.until(() -> Counters.undelivered(Reason.PROTOCOL_MISMATCH) > undelivered);
        pair.there.client.send(asked.getFirst().replyTo(), 5L);
        assertThat(Waiting.get(answer)).isEqualTo(5L);
    }
}
