package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

final class ArrivalsTest {
    private static final int ROOM = 4;

    private final Scene scene =
            new Scene(
                    Proc.configured(
                            new ProcId(new ChannelAddress.Local(1), "scene"),
                            new Net.Nowhere(),
                            ProcConfig.defaults().withMailboxMaxMessages(ROOM)));
    private final Arrivals arrivals = new Arrivals();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Work> got = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        release.countDown();
        scene.close();
    }

    /// An actor that has begun, has nothing to do, and waits with its first message.
    private ActorCell<?> actor(String name) {
        ActorHandle<Work> handle =
                scene.spawn(
                        name,
                        (cx, message) -> {
                            Waiting.on(release);
                            got.add(message);
                        });
        Waiting.until(() -> handle.status() instanceof ActorStatus.Idle);
        return (ActorCell<?>) scene.proc.find(handle.id());
    }

    /// As from a link.
    private void arrives(ActorCell<?> at, Work message) {
        MessageType<Work> type = Protocols.of(Work.class);
        byte[] frame =
                new ObjectEnvelope(
                                scene.client,
                                Address.of(scene.client.id()),
                                Address.of(at.id()),
                                type.handlerIndex(),
                                0,
                                0,
                                false,
                                message,
                                type,
                                null)
                        .toBytes();
        assertThat(
                        scene.proc.offer(
                                WireEnvelope.arrived(
                                        frame, 0, frame.length, scene.proc.home(), arrivals)))
                .isTrue();
    }

    private void arrive(ActorCell<?> at, int from, int end) {
        for (int i = from; i < end; i++) {
            arrives(at, new Work.Item(i));
        }
    }

    private static List<Work> numbers(int end) {
        List<Work> all = new ArrayList<>();
        for (int i = 0; i < end; i++) {
            all.add(new Work.Item(i));
        }
        return all;
    }

    @Test
    void messagesWaitUntilTheyAreHandedOnAndComeInOrder() {
        ActorCell<?> actor = actor("a");
        arrive(actor, 0, 3);
        assertThat(actor.status()).isInstanceOf(ActorStatus.Idle.class);
        assertThat(actor.queued()).isZero();
        arrivals.handOn();
        arrivals.handOn();
        assertThat(actor.status()).isInstanceOf(ActorStatus.Processing.class);
        release.countDown();
        Waiting.until(() -> got.size() == 3);
        assertThat(got).isEqualTo(numbers(3));
    }

    @Test
    void aMessageForAnotherActorHandsOnThoseBeforeIt() {
        ActorCell<?> first = actor("a");
        ActorCell<?> second = actor("b");
        arrive(first, 0, 2);
        arrive(second, 2, 3);
        assertThat(first.status()).isInstanceOf(ActorStatus.Processing.class);
        assertThat(second.status()).isInstanceOf(ActorStatus.Idle.class);
    }

    @Test
    void manyDoNotWait() {
        ActorCell<?> actor = actor("a");
        arrive(actor, 0, Arrivals.MOST - 1);
        assertThat(actor.status()).isInstanceOf(ActorStatus.Idle.class);
        arrive(actor, Arrivals.MOST - 1, Arrivals.MOST);
        assertThat(actor.status()).isInstanceOf(ActorStatus.Processing.class);
    }

    @Test
    void whatWaitsHereCountsForTheLimitOfAMailbox() {
        ActorCell<?> actor = actor("a");
        arrive(actor, 0, ROOM);
        arrivals.handOn();
        Waiting.until(() -> actor.queued() == ROOM - 1); // one is being handled
        arrive(actor, ROOM, ROOM + 1);
        assertThat(scene.proc.holdsBack()).isFalse();
        arrive(actor, ROOM + 1, ROOM + 2); // from this very proc, which is asked as any other
        assertThat(scene.proc.holdsBack()).isTrue();
    }

    @Test
    void whatWaitsHereGoesBackIfItsActorEndsMeanwhile() {
        ActorCell<?> actor = actor("a");
        arrive(actor, 0, 3);
        boolean _ = actor.abort("enough");
        arrivals.handOn();
        assertThat(scene.reasons(3)).containsOnly(Reason.ACTOR_FAILED);
        assertThat(scene.returnedNumbers()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void answersAreToldWhenTheyAreHandedOn() {
        ActorCell<?> silent = actor("a");
        AtomicReference<PortCell<Long>> port = new AtomicReference<>();
        CompletableFuture<Long> value =
                scene.client.request(
                        ActorRef.attest(silent.id(), Work.class),
                        (OncePortRef<Long> reply) -> {
                            port.set(reply.localIn(scene.proc));
                            return new Work.Question(1, reply);
                        },
                        Waiting.PATIENCE);
        assertThat(port.get().accept(5L, 9, arrivals)).isNull();
        assertThat(value).isNotDone();
        arrivals.handOn();
        assertThat(Waiting.get(value)).isEqualTo(5);
    }

    @Test
    void whatAnEndedActorDoesNotGiveBackIsToldAtTheEndOfTheBatchAndNotToWhoComesNext() {
        var fault = new OutOfMemoryError("on purpose");
        ActorCell<?> ended = actor("ended");
        ActorCell<?> other = actor("other");
        ended.abort("over");
        arrivals.add(ended, new Mailbox.Node(new Work.Item(0), new Deaf(scene.client.id(), fault)));
        arrive(other, 0, 1);
        assertThatThrownBy(arrivals::handOn).isSameAs(fault);
        release.countDown();
        Waiting.until(() -> got.equals(numbers(1)));
        arrivals.handOn(); // that was told once
    }
}
