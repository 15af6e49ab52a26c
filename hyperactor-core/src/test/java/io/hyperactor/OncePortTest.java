package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

final class OncePortTest {
    /// Another protocol with a reply, of another type.
    record Spelling(OncePortRef<String> replyTo) {}

    private final Scene scene = new Scene();
    private final Client owner = scene.proc.client("owner");

    @AfterEach
    void end() {
        scene.close();
    }

    private <T> void offer(OncePort<?> port, Class<T> type, T message) {
        scene.proc.offer(
                new ObjectEnvelope(
                        scene.client,
                        scene.client.address(),
                        owner.address(),
                        port.index(),
                        owner.incarnation(),
                        0,
                        false,
                        message,
                        Protocols.of(type),
                        null));
    }

    /// What happens when a message goes to another proc.
    private static <T> void encode(Class<T> type, T message) {
        MessageType<T> known = Protocols.of(type);
        known.write(new WireWriter(64), message);
    }

    @SuppressWarnings("unchecked") // as careless as a user can be
    private static OncePortRef<String> asText(OncePortRef<?> ref) {
        return (OncePortRef<String>) ref;
    }

    @Test
    void itTakesOneMessage() throws Exception {
        OncePort<Long> port = owner.openOncePort();
        scene.client.send(port.ref(), 1L);
        scene.client.send(port.ref(), 2L);
        offer(port, Long.class, 3L);
        assertThat(scene.reasons(2)).containsOnly(Reason.PORT_GONE).hasSize(2);
        assertThat(port.receive(Waiting.PATIENCE)).isEqualTo(1);
        assertThat(port.receive(Duration.ZERO)).isEqualTo(1);
        assertThat(port.future()).isCompletedWithValue(1L);
    }

    @Test
    void aMessageOfAnotherTypeLeavesItOpen() throws Exception {
        OncePort<Long> port = owner.openOncePort(Long.class);
        offer(port, String.class, "no");
        assertThat(scene.reasons(1)).containsExactly(Reason.PROTOCOL_MISMATCH);
        offer(port, Long.class, 1L);
        assertThat(port.receive(Waiting.PATIENCE)).isEqualTo(1);
    }

    @Test
    void anUntypedOneLearnsItsTypeFromTheMessageItTravelsIn() throws Exception {
        OncePort<Long> port = owner.openOncePort();
        offer(port, Long.class, 1L);
        assertThat(scene.reasons(1)).containsExactly(Reason.PROTOCOL_MISMATCH);
        encode(Work.class, new Work.Question(0, port.ref()));
        encode(Work.class, new Work.Question(0, port.ref()));
        offer(port, String.class, "no");
        assertThat(scene.reasons(2)).endsWith(Reason.PROTOCOL_MISMATCH);
        offer(port, Long.class, 2L);
        assertThat(port.receive(Waiting.PATIENCE)).isEqualTo(2);
    }

    @Test
    void bindingItToASecondTypeIsRefusedLoudly() {
        OncePort<Long> port = owner.openOncePort();
        encode(Work.class, new Work.Question(0, port.ref()));
        assertThatThrownBy(() -> encode(Spelling.class, new Spelling(asText(port.ref()))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already bound")
                .hasMessageContaining(port.ref().id().toString());
        OncePort<Long> typed = owner.openOncePort(Long.class);
        assertThatThrownBy(() -> encode(Spelling.class, new Spelling(asText(typed.ref()))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ofTwoThatBindItAtOnceToDifferentTypesOneIsRefused() {
        List<OncePort<Object>> ports = Stream.generate(owner::openOncePort).limit(2000).toList();
        CountDownLatch together = new CountDownLatch(2);
        List<CompletableFuture<List<Boolean>>> bound = new ArrayList<>();
        for (Class<?> type : List.of(Long.class, String.class)) {
            bound.add(
                    Waiting.inBackground(() -> {
                        together.countDown();
                        Waiting.on(together);
                        return ports.stream().map(port -> binds(port, type)).toList();
                    }));
        }
        List<Boolean> ones = Waiting.get(bound.getFirst());
        List<Boolean> others = Waiting.get(bound.getLast());
        for (int i = 0; i < ports.size(); i++) {
            assertThat(ones.get(i)).isNotEqualTo(others.get(i));
        }
    }

    @SuppressWarnings("unchecked") // as careless as a user can be
    private static boolean binds(OncePort<Object> port, Class<?> type) {
        try {
            port.bind((MessageType<Object>) Protocols.of(type));
            return true;
        } catch (IllegalStateException refused) {
            return false;
        }
    }

    @Test
    void closedBeforeAMessageItTellsWaitersAndSenders() {
        OncePort<Long> port = owner.openOncePort();
        CompletableFuture<Long> waiting = port.future();
        port.close();
        port.close();
        assertThat(waiting).failsWithin(Waiting.PATIENCE);
        assertThatThrownBy(() -> port.receive(Waiting.PATIENCE))
                .isInstanceOf(AskException.AskerEnded.class)
                .hasMessageContaining(owner.id().toString());
        scene.client.send(port.ref(), 1L);
        assertThat(scene.reasons(1)).containsExactly(Reason.PORT_GONE);
    }

    @Test
    void itClosesWithItsOwner() {
        OncePort<Long> port = owner.openOncePort();
        owner.close();
        assertThatThrownBy(() -> port.receive(Waiting.PATIENCE))
                .isInstanceOf(AskException.AskerEnded.class);
        assertThatThrownBy(() -> owner.openOncePort().receive(Waiting.PATIENCE))
                .isInstanceOf(AskException.AskerEnded.class);
    }

    @Test
    void whenNothingComesInTimeItSaysSoAndStaysOpen() throws Exception {
        OncePort<Long> port = owner.openOncePort();
        assertThatThrownBy(() -> port.receive(Duration.ofMillis(1)))
                .isInstanceOf(AskException.TimedOut.class);
        scene.client.send(port.ref(), 1L);
        assertThat(port.receive(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(1);
    }

    @Test
    void oneThatNeverLearntItsTypeCanNotBeSentToFromElsewhere() {
        OncePort<Long> port = owner.openOncePort();
        try (Scene other = new Scene(Proc.local("other"))) {
            assertThatThrownBy(() -> other.client.send(port.ref(), 1L))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("without a type");
        }
    }
}
