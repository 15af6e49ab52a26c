package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What a server does when the other end keeps no rules.
@Timeout(60)
final class HostileDiallerTest {
    @TempDir Path directory;
    private final Events events = new Events();
    private final Recorder recorder = new Recorder();
    private Channels channels;
    private ChannelServer server;

    @BeforeEach
    void start() {
        start(ChannelConfig.standard());
    }

    private void start(ChannelConfig config) {
        if (channels != null) {
            channels.close();
        }
        channels =
                new Channels(
                        config.withRuntimeDirectory(directory.resolve("run")).withEvents(events));
        server = channels.serve(ChannelAddress.any(Transport.UNIX), Admission.open(), recorder);
    }

    /// The server must still serve others.
    @AfterEach
    void othersAreServed() throws Exception {
        try (Tx tx = channels.dial(server.address(), Secret.NONE, new Ending())) {
            tx.offer(Frames.text("served"));
            tx.flush().get(30, TimeUnit.SECONDS);
        }
        assertThat(recorder.texts()).endsWith("served");
        assertThat(events.of(ChannelEvent.Fault.class)).isEmpty();
        channels.close();
    }

    private void rejected(RawPeer peer, RejectCode code) throws Exception {
        RawPeer.Answer answer = peer.answerAfterAcks();
        assertThat(answer.kind()).isEqualTo(Protocol.REJECT);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.text()).isNotBlank();
        assertThat(peer.answer()).as("after the reject").isNull();
        assertThat(events.await(ChannelEvent.LinkRejected.class).code()).isEqualTo(code);
        assertThat(channels.rejectedLinks(code)).isPositive();
        peer.close();
    }

    private RawPeer greeted() throws Exception {
        RawPeer peer = RawPeer.dial(server.address()).hello();
        RawPeer.Answer answer = peer.answer();
        assertThat(answer.kind()).isEqualTo(Protocol.ACCEPT);
        assertThat(answer.version()).isEqualTo(Protocol.VERSION);
        return peer;
    }

    @Test
    void anotherProtocolIsRejectedAtItsFirstWrongByte() throws Exception {
        rejected(
                RawPeer.dial(server.address())
                        .send("HYGET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII)),
                RejectCode.NOT_THIS_PROTOCOL);
    }

    @Test
    void anotherVersionIsRejected() throws Exception {
        ByteBuffer hello = Hello.plain(1, 1, 1, 1).encode();
        rejected(
                RawPeer.dial(server.address()).send(hello.put(4, (byte) 2)),
                RejectCode.UNSUPPORTED_VERSION);
    }

    @Test
    void aHelloThatIsTooShortIsRejected() throws Exception {
        ByteBuffer hello = Hello.plain(1, 1, 1, 1).encode();
        rejected(
                RawPeer.dial(server.address()).send(hello.put(5, (byte) (Hello.PLAIN_REST - 1))),
                RejectCode.MALFORMED);
    }

    @Test
    void aHelloMayComeInPiecesWithDataRightBehind() throws Exception {
        try (RawPeer peer = RawPeer.dial(server.address())) {
            byte[] hello = Hello.plain(42, 1, 1000, 1000).encode().array();
            for (byte b : hello) {
                peer.send(b);
            }
            peer.send(RawPeer.data(1, "one"));
            recorder.awaitCount(1);
            assertThat(recorder.last.session()).hasToString(Long.toHexString(42));
            assertThat(recorder.last.localAddress()).isEqualTo(server.address());
        }
    }

    @Test
    void whileAFrameArrivesWhatWasAcknowledgedIsSaidAgainInsteadOfABeat() throws Exception {
        SessionConfig quick =
                new SessionConfig(
                        Duration.ofMillis(20),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        16,
                        100);
        start(ChannelConfig.standard().withSessions(quick));
        Secret none = Secret.NONE;
        Hello hello = new Hello(Feature.ALL, 42, 100, 1000, 1000, none, 7, 0, none, 0, 1000);
        byte[] frame = RawPeer.data(1, "takes long".repeat(200));
        try (RawPeer peer = RawPeer.dial(server.address()).send(hello.encode())) {
            assertThat(peer.answer().kind()).isEqualTo(Protocol.ACCEPT);
            for (int at = 0; at < 900; at += 300) {
                peer.send(Arrays.copyOfRange(frame, at, at + 300));
                RawPeer.Answer answer = peer.answer();
                while (answer.kind() == Protocol.BEAT_BACK) {
                    answer = peer.answer();
                }
                assertThat(answer.kind()).isEqualTo(Protocol.ACK);
                assertThat(answer.ack()).isZero();
            }
            assertThat(peer.answer().kind()).isEqualTo(Protocol.BEAT_BACK); // nothing arrives
            peer.send(Arrays.copyOfRange(frame, 900, 950)); // as little as beats, which it may be
            assertThat(peer.answer().kind()).isEqualTo(Protocol.BEAT_BACK);
            assertThat(peer.answer().kind()).isEqualTo(Protocol.BEAT_BACK);
        }
    }

    @Test
    void aSilentConnectionIsDroppedInTime() throws Exception {
        // long enough for those who do say hello
        start(ChannelConfig.standard().withSilentConnections(Duration.ofSeconds(1), 64));
        rejected(RawPeer.dial(server.address()).send((byte) 'H'), RejectCode.HELLO_TOO_LATE);
    }

    @Test
    void ofTooManySilentConnectionsTheOldestIsDropped() throws Exception {
        start(ChannelConfig.standard().withSilentConnections(Duration.ofSeconds(60), 3));
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            peers.add(RawPeer.dial(server.address()));
        }
        RawPeer talking = greeted(); // counts while it is silent
        assertThat(peers.getFirst().answer().code()).isEqualTo(RejectCode.TOO_MANY_SILENT);
        Awaitility.await().until(() -> isGone(peers.getFirst())); // nobody waits for it any more
        for (RawPeer peer : peers.subList(1, 3)) {
            assertThat(peer.hello().answer().kind()).isEqualTo(Protocol.ACCEPT);
            peer.close();
        }
        talking.close();
    }

    @Test
    void whoIsTurnedAwayCountsAsLongAsItLingersAndGoesFirst() throws Exception {
        start(
                ChannelConfig.standard()
                        .withSilentConnections(Duration.ofSeconds(60), 2)
                        .withCloseWait(Duration.ofSeconds(60)));
        try (RawPeer silent = RawPeer.dial(server.address());
                RawPeer lingers = RawPeer.dial(server.address())) {
            lingers.send("HYGET".getBytes(StandardCharsets.US_ASCII));
            assertThat(lingers.answer().code()).isEqualTo(RejectCode.NOT_THIS_PROTOCOL);
            greeted().close();
            Awaitility.await().until(() -> isGone(lingers));
            assertThat(silent.hello().answer().kind()).isEqualTo(Protocol.ACCEPT);
        }
    }

    @Test
    void whoIsRejectedAfterItsWelcomeCountsAsLongAsItLingers() throws Exception {
        start(
                ChannelConfig.standard()
                        .withSilentConnections(Duration.ofSeconds(60), 1)
                        .withCloseWait(Duration.ofSeconds(60)));
        try (RawPeer lingers = greeted()) {
            lingers.send((byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 99);
            assertThat(lingers.answer().code()).isEqualTo(RejectCode.MALFORMED);
            greeted().close();
            Awaitility.await().until(() -> isGone(lingers));
        }
    }

    @Test
    void whoWasTooLateCountsAsLongAsItLingers() throws Exception {
        start(
                ChannelConfig.standard()
                        .withSilentConnections(Duration.ofSeconds(1), 1)
                        .withCloseWait(Duration.ofSeconds(60)));
        try (RawPeer late = RawPeer.dial(server.address())) {
            assertThat(late.answer().code()).isEqualTo(RejectCode.HELLO_TOO_LATE);
            greeted().close();
            Awaitility.await().until(() -> isGone(late));
        }
    }

    private static boolean isGone(RawPeer peer) {
        try {
            peer.send((byte) 0);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aGapIsRejectedAfterTheGoodFramesAreAcknowledged() throws Exception {
        RawPeer peer = greeted();
        peer.send(RawPeer.data(1, "one"))
                .send(RawPeer.data(2, "two"))
                .send(RawPeer.data(4, "four"));
        recorder.awaitCount(2);
        RawPeer.Answer answer = peer.answer();
        while (answer.kind() == Protocol.ACK && answer.ack() < 2) {
            answer = peer.answer();
        }
        assertThat(answer.kind()).isEqualTo(Protocol.ACK);
        assertThat(answer.ack()).isEqualTo(2);
        rejected(peer, RejectCode.OUT_OF_SEQUENCE);
        assertThat(events.of(ChannelEvent.LinkRejected.class).getFirst().text())
                .contains("expected frame 3, got 4");
        assertThat(recorder.texts()).containsExactly("one", "two");
    }

    @Test
    void aDuplicateIsDroppedAndAcknowledgedAgain() throws Exception {
        try (RawPeer peer = greeted()) {
            peer.send(RawPeer.data(1, "one"));
            assertThat(peer.answer().ack()).isEqualTo(1);
            peer.send(RawPeer.data(1, "again"));
            assertThat(peer.answer().ack()).isEqualTo(1);
            assertThat(recorder.texts()).containsExactly("one");
        }
    }

    @Test
    void aClaimOfGibibytesIsRejectedAtOnce() throws Exception {
        RawPeer peer = greeted();
        rejected(
                peer.send((byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff),
                RejectCode.FRAME_TOO_LARGE);
    }

    @Test
    void aFrameOfNothingIsRejected() throws Exception {
        rejected(greeted().send((byte) 0, (byte) 0, (byte) 0, (byte) 0), RejectCode.MALFORMED);
    }

    @Test
    void theLimitOfABodyIsExact() throws Exception {
        start(ChannelConfig.standard().withFrameMaxBytes(10));
        RawPeer peer = greeted();
        peer.send(RawPeer.data(1, "0123456789")).send(RawPeer.data(2, "0123456789+"));
        rejected(peer, RejectCode.FRAME_TOO_LARGE);
        assertThat(recorder.texts()).containsExactly("0123456789");
    }

    @Test
    void anUnknownKindIsRejected() throws Exception {
        rejected(
                greeted().send((byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 99),
                RejectCode.MALFORMED);
    }

    @Test
    void dataWithoutRoomForItsNumberIsRejected() throws Exception {
        rejected(
                greeted().send((byte) 0, (byte) 0, (byte) 0, (byte) 2, Protocol.DATA, (byte) 0),
                RejectCode.MALFORMED);
    }

    @Test
    void aConnectionCutInAFrameIsCountedAndWhatCameBeforeStays() throws Exception {
        RawPeer peer = greeted();
        byte[] second = RawPeer.data(2, "two");
        peer.send(RawPeer.data(1, "one")).send(java.util.Arrays.copyOf(second, second.length - 1));
        recorder.awaitCount(1);
        peer.close();

        assertThat(events.await(ChannelEvent.CutInFrame.class).address())
                .isEqualTo(server.address());
        assertThat(recorder.texts()).containsExactly("one");
    }

    @Test
    void framesOfAPeerThatLeftAtOnceStillArrive() throws Exception {
        RawPeer peer = RawPeer.dial(server.address()).hello();
        for (int i = 1; i <= 100; i++) {
            peer.send(RawPeer.data(i, "frame " + i));
        }
        peer.close();
        recorder.awaitCount(100);
        assertThat(recorder.count()).isEqualTo(100);
        assertThat(events.of(ChannelEvent.CutInFrame.class)).isEmpty();
    }

    @Test
    void aPeerThatNeverReadsItsAcknowledgementsIsServedAllTheSame() throws Exception {
        try (RawPeer peer = greeted()) {
            ByteBuffer asks = ByteBuffer.allocate(5 * 1000);
            while (asks.hasRemaining()) {
                asks.putInt(1).put(Protocol.ACK_NOW);
            }
            byte[] thousand = asks.array();
            for (int i = 0; i < 200; i++) { // 200,000 answers fill the socket's buffer
                peer.send(thousand);
            }
            peer.send(RawPeer.data(1, "one"));
            recorder.awaitCount(1);
        }
    }

    @Test
    void closingTheServerAcknowledgesAndSaysSo() throws Exception {
        start(ChannelConfig.standard().withCloseWait(Duration.ofMillis(300)));
        RawPeer peer = greeted();
        peer.send(RawPeer.data(1, "one")).send(RawPeer.data(2, "two"));
        recorder.awaitCount(2);
        Thread closing = Thread.ofPlatform().start(server::close);
        List<Long> acks = new ArrayList<>();
        RawPeer.Answer answer = peer.answer();
        for (; answer.kind() == Protocol.ACK; answer = peer.answer()) {
            acks.add(answer.ack());
        }
        assertThat(acks).endsWith(2L).doesNotHaveDuplicates();
        assertThat(answer.kind()).isEqualTo(Protocol.CLOSED);
        assertThat(peer.answer()).isNull();
        closing.join(); // though this peer never hangs up
        peer.close();
        server = channels.serve(server.address(), Admission.open(), recorder);
    }

    @Test
    void whoDoesNotHearItsRefusalsIsLeftAndNotRejected() throws Exception {
        start(ChannelConfig.standard().withFrameMaxBytes(10));
        Secret none = Secret.NONE;
        Hello hello = new Hello(Feature.REFUSAL, 42, 100, 1000, 1000, none, 7, 0, none, 0, 1000);
        try (RawPeer peer = RawPeer.dial(server.address()).send(hello.encode())) {
            assertThat(peer.answer().kind()).isEqualTo(Protocol.ACCEPT);
            assertThatThrownBy(
                            () -> {
                                for (int i = 1; ; i++) {
                                    peer.send(RawPeer.data(i, "0123456789+"));
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
        assertThat(events.of(ChannelEvent.FrameRefused.class)).isNotEmpty();
        assertThat(events.of(ChannelEvent.LinkRejected.class)).isEmpty();
    }
}
