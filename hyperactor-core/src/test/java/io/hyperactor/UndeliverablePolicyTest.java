package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hyperactor.DeliveryFailure.Kind;
import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// What an actor does by default about a message that came back.
final class UndeliverablePolicyTest {
    private static final Set<Reason> SURVIVED =
            EnumSet.of(
                    Reason.PORT_GONE,
                    Reason.CHANNEL_CLOSED,
                    Reason.ACK_TIMED_OUT,
                    Reason.DIAL_FAILED,
                    Reason.NO_ROUTE,
                    Reason.QUEUE_FULL,
                    Reason.LINK_UNAVAILABLE,
                    Reason.REFUSED,
                    Reason.FORBIDDEN,
                    Reason.PROC_DIED,
                    Reason.PEER_CLOSED,
                    Reason.PEER_GONE,
                    Reason.PEER_RESTARTED,
                    Reason.SESSION_LOST,
                    Reason.PROTOCOL_VIOLATION,
                    Reason.UNSUPPORTED_VERSION);
    private static final ProcId PROC = new ProcId(new ChannelAddress.Local(1), "p");

    private static final PortId HANDLER =
            PROC.actor("goal", 0).port(Protocols.of(Work.class).handlerIndex());

    private static Undeliverable undeliverable(DeliveryFailure... failures) {
        return undeliverable(HANDLER, failures);
    }

    private static Undeliverable undeliverable(PortId goal, DeliveryFailure... failures) {
        return new Undeliverable(
                PROC.actor("sender", 0),
                goal,
                Optional.of("text"),
                List.of(failures),
                Undeliverable.Outcome.NOT_DELIVERED);
    }

    private static boolean survives(Undeliverable undeliverable) {
        Throwable thrown = catchThrowable(() -> new Counting().undeliverable(null, undeliverable));
        if (thrown != null) {
            assertThat(thrown)
                    .isInstanceOfSatisfying(
                            HyperactorException.MessageReturned.class,
                            e -> assertThat(e.undeliverable()).isSameAs(undeliverable));
        }
        return thrown == null;
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void onlyWhatAChangeOfTheProgramCanCureFailsTheActor(Reason reason) {
        boolean expected = SURVIVED.contains(reason);
        assertThat(survives(undeliverable(new DeliveryFailure(reason, "")))).isEqualTo(expected);
        assertThat(survives(undeliverable(new DeliveryFailure(reason, "x".repeat(5000)))))
                .isEqualTo(expected);
    }

    /// The port is what another gave, who may have ended or have lied.
    @ParameterizedTest
    @EnumSource(Reason.class)
    void anAnswerThatDoesNotArriveIsNoFaultOfWhoGivesIt(Reason reason) {
        boolean expected =
                SURVIVED.contains(reason)
                        || reason == Reason.FRAME_TOO_LARGE
                        || (reason.kind() == Kind.INVALID_REFERENCE
                                && reason != Reason.UNENCODABLE);
        PortId port = HANDLER.actor().port(7);
        assertThat(survives(undeliverable(port, new DeliveryFailure(reason, ""))))
                .isEqualTo(expected);
    }

    @Test
    void whoAnswersAnAskerOfAnotherProcThatHasEndedIsToldThatThePortIsGone(@TempDir Path directory)
            throws Exception {
        Net net = new Net(directory);
        try (Scene asking = new Scene(direct(net, "asking"));
                Scene answering = new Scene(direct(net, "answering"))) {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            CompletableFuture<Reason> back = new CompletableFuture<>();
            ActorHandle<Work> handle =
                    answering.spawn(
                            "a",
                            new Actor<>() {
                                @Override
                                public void receive(Context<Work> cx, Work message) {
                                    asked.countDown();
                                    Waiting.on(ended);
                                    if (message instanceof Work.Question(_, var replyTo)) {
                                        cx.send(replyTo, 1L);
                                    }
                                }

                                @Override
                                public void undeliverable(
                                        Context<Work> cx, Undeliverable returned) {
                                    back.complete(returned.failure().reason());
                                }
                            });
            Client asker = asking.proc.client("asker");
            CompletableFuture<Long> answer =
                    asker.request(
                            handle.ref(),
                            replyTo -> new Work.Question(1, replyTo),
                            Waiting.PATIENCE);
            Waiting.on(asked);
            asker.close();
            assertThat(Waiting.failure(answer)).isInstanceOf(AskException.AskerEnded.class);
            ended.countDown();
            assertThat(Waiting.get(back)).isEqualTo(Reason.PORT_GONE);
        } finally {
            net.close();
        }
    }

    private static Proc direct(Net net, String name) {
        return Proc.direct(ChannelAddress.any(Transport.LOCAL), name, net.config);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void theRootCauseDecides(Reason later) {
        DeliveryFailure more = new DeliveryFailure(later, "further on");
        assertThat(survives(undeliverable(new DeliveryFailure(Reason.NO_ROUTE, ""), more)))
                .isTrue();
        assertThat(survives(undeliverable(new DeliveryFailure(Reason.EXPIRED, ""), more)))
                .isFalse();
    }

    @Test
    void anActorWhoseMessageComesBackInvalidFailsAndTheTextNamesBothEnds() {
        try (Scene scene = new Scene()) {
            ActorRef<Work> nobody = ActorRef.attest(scene.proc.id().actor("nobody", 0), Work.class);
            ActorHandle<Work> sender =
                    scene.spawn("sender", (cx, message) -> cx.send(nobody, message));
            scene.count(sender.ref(), 0, 1);
            assertThat(Waiting.get(sender.ended()).failure())
                    .isInstanceOf(HyperactorException.MessageReturned.class)
                    .hasMessageContaining(sender.id().toString())
                    .hasMessageContaining(nobody.id().toString())
                    .hasMessageContaining("actor does not exist")
                    .hasMessageContaining("Item");
        }
    }

    @Test
    void anActorThatDecidesOtherwiseLives() throws Exception {
        try (Scene scene = new Scene()) {
            ActorRef<Work> nobody = ActorRef.attest(scene.proc.id().actor("nobody", 0), Work.class);
            CompletableFuture<Undeliverable> seen = new CompletableFuture<>();
            ActorHandle<Work> sender =
                    scene.spawn(
                            "sender",
                            new Counting() {
                                @Override
                                public void receive(Context<Work> cx, Work message)
                                        throws Exception {
                                    if (message instanceof Work.Item) {
                                        cx.send(nobody, message);
                                    } else {
                                        super.receive(cx, message);
                                    }
                                }

                                @Override
                                public void undeliverable(
                                        Context<Work> cx, Undeliverable returned) {
                                    seen.complete(returned);
                                }
                            });
            scene.count(sender.ref(), 5, 6);
            assertThat(Waiting.get(seen).message()).contains(new Work.Item(5));
            assertThat(Waiting.get(seen).sender()).isEqualTo(sender.id());
            assertThat(scene.ask(sender.ref(), 0)).isZero();
        }
    }

    @Test
    void everyReasonHasWordsOfItsOwnAndAKind() {
        assertThat(List.of(Reason.values())).extracting(Reason::text).doesNotHaveDuplicates();
        assertThat(List.of(Reason.values())).extracting(Reason::kind).contains(Kind.values());
    }

    @Test
    void detailsAreOneBoundedLine() {
        DeliveryFailure failure = new DeliveryFailure(Reason.NO_ROUTE, "a\nb\r" + "x".repeat(9000));
        assertThat(failure.detail()).startsWith("a b x").hasSize(1024 + 3).endsWith("...");
        assertThat(failure.toString()).startsWith("no route: a b x");
    }

    @Test
    void anUndeliverableNamesAtLeastOneFailure() {
        assertThatThrownBy(() -> undeliverable()).isInstanceOf(IllegalArgumentException.class);
    }
}
