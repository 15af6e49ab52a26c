package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.WireFormatException;
import io.hyperactor.wire.WireReader;
import io.hyperactor.wire.WireWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Refs as parts of messages.
final class RefCodecTest {
    /// Names itself through actors, ports and lists of both.
    sealed interface Node {
        record Link(ActorRef<Node> peer, Optional<PortRef<Node>> log) implements Node {}

        record Many(List<ActorRef<Work>> workers, OncePortRef<List<Node>> answer) implements Node {}
    }

    private final Scene scene = new Scene();

    @AfterEach
    void end() {
        scene.close();
    }

    private static <T> T copy(Class<T> type, T message) {
        MessageType<T> known = Protocols.of(type);
        WireWriter out = new WireWriter(16);
        known.write(out, message);
        byte[] bytes = out.toByteArray();
        return known.readFully(new WireReader(bytes, 0, bytes.length));
    }

    @Test
    void refsSurviveTheTripAndNameTheSame() {
        ActorRef<Node> self = ActorRef.attest(scene.client.id(), Node.class);
        Port<Node> log = scene.client.openPort(Node.class);
        Node.Link link = new Node.Link(self, Optional.of(log.ref()));
        assertThat(copy(Node.class, link)).isEqualTo(link);
        Node.Link bare = new Node.Link(self, Optional.empty());
        assertThat(copy(Node.class, bare)).isEqualTo(bare);

        OncePort<List<Node>> answer = scene.client.openOncePort();
        ActorRef<Work> worker = scene.spawn("a", new Counting()).ref();
        Node.Many many = new Node.Many(List.of(worker, worker), answer.ref());
        assertThat(copy(Node.class, many)).isEqualTo(many);
    }

    @Test
    void theHashOfARecursiveProtocolIsStable() {
        assertThat(Protocols.of(Node.class).hash()).isEqualTo(Protocols.of(Node.class).hash());
        assertThat(Protocols.of(Node.class).signature()).contains("ActorRef<Node>");
    }

    @Test
    void aPinnedRefStaysPinnedAndAnAttestedOneDoesNot() throws Exception {
        ActorHandle<Work> first = scene.spawn("a", new Counting());
        Node.Many sent =
                new Node.Many(
                        List.of(first.ref(), ActorRef.attest(first.id(), Work.class)),
                        scene.client.<List<Node>>openOncePort().ref());
        Node.Many got = (Node.Many) copy(Node.class, sent);
        ActorRef<Work> pinned = got.workers().getFirst();
        ActorRef<Work> attested = got.workers().getLast();
        assertThat(scene.ask(pinned, 0)).isZero();
        first.stop("done");
        Waiting.get(first.ended());
        scene.spawn("a", new Counting());
        scene.count(pinned, 0, 1);
        assertThat(scene.reasons(1)).containsExactly(Reason.ACTOR_RESTARTED);
        assertThat(scene.ask(attested, 0)).isZero();
    }

    @Test
    void aPortIsReachedThroughACopyOfItsRef() throws Exception {
        OncePort<List<Node>> answer = scene.client.openOncePort();
        Node.Many got = (Node.Many) copy(Node.class, new Node.Many(List.of(), answer.ref()));
        scene.client.send(got.answer(), List.of());
        assertThat(answer.receive(Waiting.PATIENCE)).isEmpty();
        scene.client.send(got.answer(), List.of());
        assertThat(scene.reasons(1)).containsExactly(Reason.PORT_GONE);
    }

    @Test
    void aPortOfAnEarlierOwnerOfTheNameIsNotReached() {
        Client first = scene.proc.client("owner");
        Port<Node> old = first.openPort(Node.class);
        PortRef<Node> ref =
                ((Node.Link)
                                copy(
                                        Node.class,
                                        new Node.Link(
                                                ActorRef.attest(first.id(), Node.class),
                                                Optional.of(old.ref()))))
                        .log()
                        .orElseThrow();
        first.close();
        Client second = scene.proc.client("owner");
        Port<Node> fresh = second.openPort(Node.class);
        assertThat(fresh.ref()).isEqualTo(old.ref());
        scene.client.send(
                ref, new Node.Link(ActorRef.attest(second.id(), Node.class), Optional.empty()));
        assertThat(scene.reasons(1)).containsExactly(Reason.PORT_GONE);
        assertThat(fresh.poll()).isEmpty();
    }

    @Test
    void aRefToNoActorIdIsRefused() {
        assertThatRefusesRefTo("not an id".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRefToMalformedUtf8IsRefused() {
        // 0xFF is in no UTF-8. The JDK would read it as U+FFFD, which a path may contain.
        assertThatRefusesRefTo("unix:/\u00FF,proc,actor".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aRefThatNoEnvelopeHasRoomForIsRefused() {
        String zeros = "0".repeat(70_000);
        assertThatRefusesRefTo(("local:" + zeros + "1,p,a").getBytes(StandardCharsets.UTF_8));
    }

    private static void assertThatRefusesRefTo(byte[] text) {
        WireWriter out = new WireWriter(16);
        out.writeVarint(0); // Link
        out.writeBytes(text);
        out.writeLong(0);
        out.writeBoolean(false);
        byte[] bytes = out.toByteArray();
        assertThatThrownBy(() ->
                        Protocols.of(Node.class).readFully(new WireReader(bytes, 0, bytes.length)))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("not an actor id");
    }
}
