package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

final class PortTest {
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration AGES = Waiting.PATIENCE.multipliedBy(10);

    private final Scene scene = new Scene();
    private final Client owner = scene.proc.client("owner");

    @AfterEach
    void end() {
        scene.close();
    }

    /// An envelope as it would come from another proc.
    private <T> void offer(long index, Class<T> type, T message) {
        scene.proc.offer(
                new ObjectEnvelope(
                        scene.client,
                        scene.client.address(),
                        owner.address(),
                        index,
                        owner.incarnation(),
                        0,
                        false,
                        message,
                        Protocols.of(type),
                        null));
    }

    @Test
    void messagesThroughTheRefAndFromElsewhereComeInOrder() throws Exception {
        Port<Long> port = owner.openPort(Long.class);
        for (long i = 0; i < 10; i++) {
            if (i % 2 == 0) {
                scene.client.send(port.ref(), i);
            } else {
                offer(port.ref().index(), Long.class, i);
            }
        }
        assertThat(port.receive(Waiting.PATIENCE)).contains(0L);
        assertThat(port.poll()).contains(1L);
        assertThat(port.drain()).isEqualTo(LongStream.range(2, 10).boxed().toList());
        assertThat(port.drain()).isEmpty();
        assertThat(port.poll()).isEmpty();
        assertThat(port.receive(NO_TIME)).isEmpty();
    }

    @Test
    void receivingWaitsForAMessage() {
        Port<Long> port = owner.openPort(Long.class);
        CountDownLatch waiting = new CountDownLatch(1);
        var got =
                Waiting.inBackground(() -> {
                    waiting.countDown();
                    return port.receive(AGES);
                });
        Waiting.on(waiting);
        scene.client.send(port.ref(), 5L);
        assertThat(Waiting.get(got)).contains(5L);
    }

    @Test
    void whatComesAfterTheCloseComesBackAndWhatCameBeforeStays() throws Exception {
        Port<Long> port = owner.openPort(Long.class);
        scene.client.send(port.ref(), 1L);
        port.close();
        scene.client.send(port.ref(), 2L);
        scene.client.send(port.ref(), 3L);
        offer(port.ref().index(), Long.class, 4L);
        assertThat(scene.reasons(3)).containsOnly(Reason.PORT_GONE).hasSize(3);
        assertThat(scene.returned())
                .allMatch(u -> u.destination().equals(port.ref().id()))
                .extracting(u -> u.failure().toString())
                .containsOnly("port gone: " + port.ref().id());
        assertThat(port.receive(Waiting.PATIENCE)).contains(1L);
        assertThat(port.receive(AGES)).isEmpty();
        port.close();
    }

    @Test
    void closingAPortOrItsOwnerWakesWhoeverWaits() {
        for (boolean wholeOwner : new boolean[] {false, true}) {
            Client mine = scene.proc.client("mine");
            Port<Long> port = mine.openPort(Long.class);
            CountDownLatch waiting = new CountDownLatch(2);
            CompletableFuture<?>[] waiters = new CompletableFuture<?>[2];
            for (int i = 0; i < 2; i++) {
                waiters[i] =
                        Waiting.inBackground(() -> {
                            waiting.countDown();
                            return port.receive(AGES);
                        });
            }
            Waiting.on(waiting);
            if (wholeOwner) {
                mine.close();
            } else {
                port.close();
            }
            for (CompletableFuture<?> waiter : waiters) {
                assertThat(Waiting.get(waiter)).isEqualTo(Optional.empty());
            }
            mine.close();
        }
    }

    @Test
    void aPortThatWasNeverOpenedIsToldApartFromAClosedOne() {
        offer(1, Long.class, 1L);
        Port<Long> port = owner.openPort(Long.class);
        offer(port.ref().index() + 1, Long.class, 2L);
        offer(0, Long.class, 3L);
        offer(Long.MAX_VALUE, Long.class, 4L);
        assertThat(scene.reasons(4)).containsOnly(Reason.PORT_NEVER_ALLOCATED).hasSize(4);
        assertThat(port.poll()).isEmpty();
    }

    @Test
    void aMessageOfAnotherTypeComesBackAndThePortLives() {
        Port<Long> port = owner.openPort(Long.class);
        offer(port.ref().index(), String.class, "not a number");
        assertThat(scene.reasons(1)).containsExactly(Reason.PROTOCOL_MISMATCH);
        assertThat(scene.returned().getFirst().message()).contains("not a number");
        offer(port.ref().index(), Long.class, 1L);
        assertThat(port.poll()).contains(1L);
    }

    @Test
    void overItsBoundMessagesComeBack() throws Exception {
        Proc small =
                Proc.configured(
                        scene.proc.id(),
                        scene.proc,
                        ProcConfig.defaults().withMailboxMaxMessages(2));
        try (Scene narrow = new Scene(small)) {
            Port<Long> port = narrow.client.openPort(Long.class);
            for (long i = 0; i < 3; i++) {
                narrow.client.send(port.ref(), i);
            }
            assertThat(narrow.reasons(1)).containsExactly(Reason.QUEUE_FULL);
            assertThat(port.poll()).contains(0L);
            narrow.client.send(port.ref(), 3L);
            assertThat(port.drain()).containsExactly(1L, 3L);
        }
    }

    @Test
    void aPortOfAnOwnerThatHasEndedIsClosed() {
        owner.close();
        Port<Long> port = owner.openPort(Long.class);
        scene.client.send(port.ref(), 1L);
        assertThat(scene.reasons(1)).containsExactly(Reason.PORT_GONE);
        offer(port.ref().index(), Long.class, 2L);
        assertThat(scene.reasons(2)).containsOnly(Reason.PORT_GONE);
    }

    @Test
    void portsCloseWithTheirActor() {
        CompletableFuture<Port<Long>> opened = new CompletableFuture<>();
        ActorHandle<Work> actor =
                scene.spawn(
                        "a",
                        new Counting() {
                            @Override
                            public void init(Context<Work> cx) {
                                opened.complete(cx.openPort(Long.class));
                            }
                        });
        Port<Long> port = Waiting.get(opened);
        scene.client.send(port.ref(), 1L);
        actor.stop("done");
        Waiting.get(actor.ended());
        scene.client.send(port.ref(), 2L);
        assertThat(scene.reasons(1)).containsExactly(Reason.PORT_GONE);
        assertThat(port.drain()).containsExactly(1L);
    }

    @Test
    void refsOfOnePortAreEqualAndThoseOfOthersAreNot() {
        Port<Long> port = owner.openPort(Long.class);
        Port<Long> other = owner.openPort(Long.class);
        assertThat(port.ref()).isEqualTo(port.ref()).hasSameHashCodeAs(port.ref());
        assertThat(port.ref()).isNotEqualTo(other.ref());
        assertThat(port.ref().id().isEphemeral()).isTrue();
        assertThat(port.ref()).hasToString(port.ref().id().toString());
    }
}
