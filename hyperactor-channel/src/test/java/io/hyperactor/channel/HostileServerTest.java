package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/// What a sender does when the server breaks, leaves or keeps no rules, and what it says of each
/// frame.
@Timeout(60)
final class HostileServerTest {
    private static final int FRAME = Protocol.DATA_HEADER + 1; // of the bodies used here

    @TempDir Path directory;
    private final Events events = new Events();
    private Ending ending;
    private ServerSocketChannel listener;
    private Channels channels;
    private Tx tx;

    @BeforeEach
    void start() throws IOException {
        listener = RawPeer.listen(directory.resolve("s"));
        dial(ChannelConfig.standard());
    }

    private void dial(ChannelConfig config) {
        if (channels != null) {
            channels.close();
        }
        channels = new Channels(config.withRuntimeDirectory(directory).withEvents(events));
        ending = new Ending();
        tx =
                channels.dial(
                        new ChannelAddress.Unix(directory.resolve("s").toString()),
                        Secret.NONE,
                        ending);
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(events.of(ChannelEvent.Fault.class)).isEmpty();
        channels.close();
        listener.close();
    }

    private void offer(String... bodies) {
        for (String body : bodies) {
            assertThat(tx.offer(Frames.text(body))).isTrue();
        }
    }

    private RawPeer connected() throws IOException {
        return RawPeer.accept(listener).accepted();
    }

    private static Ending.Frame unknown(String text) {
        return new Ending.Frame(text, true);
    }

    private static Ending.Frame notDelivered(String text) {
        return new Ending.Frame(text, false);
    }

    @Test
    void aServerIsToldHowMuchThereMayBeUnacknowledgedAtMost() throws Exception {
        offer("a");
        try (RawPeer server = RawPeer.accept(listener)) {
            ChannelConfig config = ChannelConfig.standard();
            Hello hello = server.greeting();
            assertThat(hello.windowFrames()).isEqualTo(2 * config.windowFrames());
            assertThat(hello.windowBytes()).isEqualTo(2 * config.windowBytes());
        }
    }

    @Test
    void anAcknowledgementOfTheFutureEndsTheLink() throws Exception {
        offer("a", "b");
        try (RawPeer server = connected()) {
            server.read(2 * FRAME);
            server.ack(3);
            assertThat(ending.reason())
                    .isInstanceOfSatisfying(
                            CloseReason.ProtocolViolation.class,
                            v -> assertThat(v.text()).contains("frame 3"));
            assertThat(ending.frames()).containsExactly(unknown("a"), unknown("b"));
        }
    }

    @Test
    void anAcknowledgementThatGoesBackEndsTheLink() throws Exception {
        offer("a", "b", "c");
        try (RawPeer server = connected()) {
            server.read(3 * FRAME);
            server.ack(2).ack(2).ack(1);
            assertThat(ending.reason()).isInstanceOf(CloseReason.ProtocolViolation.class);
            assertThat(ending.frames()).containsExactly(unknown("c"));
        }
    }

    @Test
    void aServerThatBreaksTheRulesIsToldToForgetTheSession() throws Exception {
        offer("a");
        try (RawPeer server = RawPeer.accept(listener)) {
            Hello _ = server.greeting();
            ByteBuffer welcome = ByteBuffer.allocate(Welcome.BYTES_MAX);
            new Welcome(Feature.ALL, 16 << 20, 7, false, 0, new Secret(1, 2), 1000).put(welcome);
            server.send(welcome.flip());
            RawPeer.Answer heard = server.answer();
            while (heard.kind() != Protocol.DATA) {
                heard = server.answer();
            }
            server.ack(2);
            while (heard != null && heard.kind() != Protocol.GOODBYE) {
                heard = server.answer();
            }
            assertThat(heard).as("a goodbye").isNotNull();
            assertThat(ending.reason()).isInstanceOf(CloseReason.ProtocolViolation.class);
        }
    }

    @Test
    void anAnswerOfUnknownKindEndsTheLink() throws Exception {
        offer("a");
        try (RawPeer server = connected()) {
            server.send((byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 77);
            assertThat(ending.reason()).isInstanceOf(CloseReason.ProtocolViolation.class);
        }
    }

    @Test
    void anAnswerOfGibibytesEndsTheLink() throws Exception {
        offer("a");
        try (RawPeer server = connected()) {
            server.send((byte) 0x7f, (byte) 0, (byte) 0, (byte) 1);
            assertThat(ending.reason()).isInstanceOf(CloseReason.ProtocolViolation.class);
        }
    }

    @Test
    void anAcknowledgementBeforeTheAcceptEndsTheLink() throws Exception {
        offer("a");
        try (RawPeer server = RawPeer.accept(listener)) {
            server.ack(0);
            assertThat(ending.reason()).isInstanceOf(CloseReason.ProtocolViolation.class);
        }
    }

    @Test
    void whatARejectingServerDidNotAcknowledgeIsNotDelivered() throws Exception {
        offer("a", "b");
        try (RawPeer server = connected()) {
            server.read(2 * FRAME);
            server.ack(1).send(Protocol.reject(RejectCode.OUT_OF_SEQUENCE, "because"));
            assertThat(ending.reason())
                    .isEqualTo(new CloseReason.Rejected(RejectCode.OUT_OF_SEQUENCE, "because"));
            assertThat(ending.frames()).containsExactly(notDelivered("b"));
        }
    }

    @Test
    void aRejectedHelloDeliversNothing() throws Exception {
        offer("a", "b");
        try (RawPeer server = RawPeer.accept(listener)) {
            Hello _ = server.greeting();
            server.send(Protocol.reject(RejectCode.UNSUPPORTED_VERSION, "too new"));
            assertThat(ending.reason())
                    .isEqualTo(new CloseReason.Rejected(RejectCode.UNSUPPORTED_VERSION, "too new"));
            assertThat(ending.frames()).containsExactly(notDelivered("a"), notDelivered("b"));
        }
    }

    @Test
    void theReasonIsFoundEvenIfTheServerIsGoneBeforeItIsRead() throws Exception {
        offer("a");
        RawPeer server = connected();
        server.read(FRAME);
        ByteBuffer closed = ByteBuffer.allocate(5);
        Protocol.putBare(closed, Protocol.CLOSED);
        server.ack(1).send(closed.flip());
        server.close();

        assertThat(ending.reason()).isEqualTo(new CloseReason.PeerClosed());
        assertThat(ending.frames()).isEmpty();
    }

    @Test
    void aCutConnectionLeavesWrittenFramesUnknownAndOthersNotDelivered() throws Exception {
        byte[] large = new byte[8 << 20];
        offer("a", "b");
        RawPeer server = connected();
        server.read(2 * FRAME);
        server.ack(1);
        tx.offer(Frames.bytes(large)); // more than the socket holds: cut in the middle
        offer("c", "d");
        server.read(1 << 20);
        server.close();

        assertThat(ending.reason()).isInstanceOf(CloseReason.ConnectionLost.class);
        assertThat(ending.frames()).hasSize(4);
        assertThat(ending.frames().getFirst()).isEqualTo(unknown("b"));
        assertThat(ending.frames().get(1).written()).isFalse();
        assertThat(ending.frames().subList(2, 4))
                .containsExactly(notDelivered("c"), notDelivered("d"));
        assertThat(tx.closed()).isPresent();
    }

    @Test
    void withoutAcknowledgementTheLinkEndsInTime() throws Exception {
        Duration limit = Duration.ofSeconds(2); // in which this thread says what it has to
        dial(ChannelConfig.standard().withAckTimeout(limit));
        offer("a", "b");
        try (RawPeer server = connected()) {
            server.read(2 * FRAME);
            server.ack(1);
            assertThat(ending.reason()).isEqualTo(new CloseReason.AckTimedOut(limit));
            assertThat(ending.frames()).containsExactly(unknown("b"));
        }
    }

    @Test
    void theServersLimitOfABodyIsKept() throws Exception {
        offer("a");
        try (RawPeer server = RawPeer.accept(listener)) {
            Hello _ = server.greeting();
            ByteBuffer accept = ByteBuffer.allocate(Welcome.BYTES_MAX);
            Welcome.plain(10).put(accept);
            server.send(accept.flip()).read(FRAME);
            server.ack(1);
            tx.flush().get(30, java.util.concurrent.TimeUnit.SECONDS);
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> tx.offer(Frames.text("01234567890")))
                    .isInstanceOf(ChannelException.FrameTooLarge.class);
            offer("0123456789");
            byte[] first = server.read(5);
            if (first[4] == Protocol.ACK_NOW) { // if the flush came before the acknowledgement
                first = server.read(5);
            }
            assertThat(first[4]).isEqualTo(Protocol.DATA);
            assertThat(server.read(Protocol.DATA_HEADER + 10 - 5)).endsWith('8', '9');
        }
    }

    @Test
    void anAcknowledgementForEachFrameOrOneForAllAreTheSame() throws Exception {
        offer("a", "b", "c");
        try (RawPeer server = connected()) {
            server.read(3 * FRAME);
            server.ack(0).ack(1).ack(2).ack(3);
            tx.flush().get(30, java.util.concurrent.TimeUnit.SECONDS);
            offer("d", "e");
            server.read(2 * FRAME);
            server.ack(5);
            tx.flush().get(30, java.util.concurrent.TimeUnit.SECONDS);
            tx.close();
            assertThat(ending.frames()).isEmpty();
        }
    }

    @Test
    void flushAsksForAnAcknowledgement() throws Exception {
        offer("a");
        try (RawPeer server = connected()) {
            server.read(FRAME);
            var flushed = tx.flush();
            assertThat(server.read(5)).containsExactly(0, 0, 0, 1, Protocol.ACK_NOW);
            assertThat(flushed).isNotDone();
            server.ack(1);
            assertThat(flushed).succeedsWithin(Recorder.PATIENCE);
        }
    }
}
