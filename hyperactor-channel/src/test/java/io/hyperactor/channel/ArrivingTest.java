package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Frames that arrive in part on many links: what they may take together, and who is harmed.
@Timeout(60)
final class ArrivingTest {
    @TempDir Path directory;
    private final Events events = new Events();
    private final Recorder recorder = new Recorder();
    private final Ending ending = new Ending();
    private final Channels dialling = new Channels(ChannelConfig.standard());
    private Channels serving;
    private ChannelServer server;

    private void serve(long arrivingMaxBytes) {
        serving =
                new Channels(
                        ChannelConfig.standard()
                                .withRuntimeDirectory(directory.resolve("run"))
                                .withArrivingMaxBytes(arrivingMaxBytes)
                                .withCloseWait(Recorder.PATIENCE) // for peers that go on sending
                                .withEvents(events));
        server = serve(recorder);
    }

    private ChannelServer serve(FrameReceiver receiver) {
        return serving.serve(ChannelAddress.any(Transport.UNIX), Admission.open(), receiver);
    }

    @AfterEach
    void close() {
        dialling.close();
        serving.close();
        assertThat(events.of(ChannelEvent.Fault.class)).isEmpty();
        assertThat(serving.arrivingBytes()).isZero();
    }

    /// A link that can be told of single frames, or not.
    private RawPeer greeted(int features) throws Exception {
        Hello hello =
                new Hello(
                        features,
                        42,
                        1 << 20,
                        1 << 20,
                        1000,
                        Secret.NONE,
                        7,
                        0,
                        Secret.NONE,
                        0,
                        1000);
        RawPeer peer = RawPeer.dial(server.address()).send(hello.encode());
        assertThat(peer.answer().kind()).isEqualTo(Protocol.ACCEPT);
        return peer;
    }

    private void awaitHeld(long bytes) {
        await().atMost(Recorder.PATIENCE).until(() -> serving.arrivingBytes() == bytes);
    }

    private static ByteBuffer begun(byte[] frame, int length) {
        return ByteBuffer.wrap(frame, 0, length);
    }

    private static ByteBuffer rest(byte[] frame, int from) {
        return ByteBuffer.wrap(frame, from, frame.length - from);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theBoundIsExactAndAFrameBeyondItIsRefusedAlone(int beyond) throws Exception {
        byte[] half = RawPeer.data(1, "h".repeat(100_000));
        int length = 400_000;
        serve(half.length + Protocol.DATA_HEADER + length + beyond);
        try (RawPeer peer = greeted(0)) {
            peer.send(begun(half, half.length - 1));
            awaitHeld(half.length);
            Tx tx = dialling.dial(server.address(), Secret.NONE, ending);
            tx.offer(Frames.text("x".repeat(length)));
            tx.offer(Frames.text("next"));
            tx.flush().get(30, TimeUnit.SECONDS);

            boolean refused = beyond < 0;
            assertThat(ending.refused)
                    .isEqualTo(refused ? List.of("NO_ROOM " + "x".repeat(length)) : List.of());
            assertThat(events.of(ChannelEvent.FrameRefused.class))
                    .extracting(ChannelEvent.FrameRefused::code)
                    .isEqualTo(refused ? List.of(RejectCode.NO_ROOM) : List.of());
            assertThat(recorder.count()).isEqualTo(refused ? 1 : 2);
            assertThat(recorder.texts()).endsWith("next");
            assertThat(tx.closed()).isEmpty();

            peer.send(rest(half, half.length - 1));
            recorder.awaitCount(refused ? 2 : 3);
        }
    }

    @Test
    void manyWhoBeginLargeFramesHarmNobodyElse() throws Exception {
        long bound = (1 << 20) + 100_000; // one of them fits, and then nobody else
        serve(bound);
        Tx tx = dialling.dial(server.address(), Secret.NONE, ending);
        byte[] large = RawPeer.data(1, "h".repeat(1 << 20));
        int there = 700_000;
        List<RawPeer> told = new ArrayList<>();
        List<RawPeer> untold = new ArrayList<>();
        int small = 0;
        for (int i = 0; i < 20; i++) {
            told.add(greeted(Feature.REFUSAL).send(begun(large, there)));
            untold.add(greeted(0).send(begun(large, there)));
            tx.offer(Frames.text("small " + i));
            tx.offer(Frames.text("m".repeat(300_000 + i)));
            tx.flush().get(30, TimeUnit.SECONDS);
            small += 2;
            assertThat(serving.arrivingBytes()).isLessThanOrEqualTo(bound);
        }
        assertThat(ending.refused).isEmpty();
        assertThat(tx.closed()).isEmpty();
        assertThat(recorder.count()).isEqualTo(small);

        for (RawPeer peer : told) {
            peer.send(rest(large, there)).send(RawPeer.data(2, "after it"));
        }
        await().atMost(Recorder.PATIENCE)
                .until(() ->
                        recorder.texts().stream().filter("after it"::equals).count()
                                == told.size());
        assertThat(events.of(ChannelEvent.FrameRefused.class))
                .hasSizeGreaterThan(told.size() / 2)
                .allMatch(event -> event.code() == RejectCode.NO_ROOM);
        assertThat(events.of(ChannelEvent.LinkRejected.class))
                .hasSizeGreaterThan(untold.size() / 2)
                .allMatch(event -> event.code() == RejectCode.NO_ROOM);
        told.forEach(RawPeer::close);
        untold.forEach(RawPeer::close);
        awaitHeld(0);
    }

    @Test
    void aRefusedFrameIsToldAndWhatIsBehindItIsTaken() throws Exception {
        serve(1);
        byte[] large = RawPeer.data(1, "h".repeat(300_000));
        byte[] less = RawPeer.data(1, "l".repeat(100_000));
        try (RawPeer greedy = greeted(Feature.REFUSAL);
                RawPeer modest = greeted(0)) {
            greedy.send(begun(large, 299_000));
            await().atMost(Recorder.PATIENCE).until(() -> serving.arrivingBytes() > less.length);
            modest.send(begun(less, 90_000));
            assertThat(greedy.answer().kind()).isEqualTo(Protocol.REFUSED);
            greedy.send(rest(large, 299_000)).send(RawPeer.data(2, "two"));
            recorder.awaitCount(1);
            modest.send(rest(less, 90_000));
            recorder.awaitCount(2);
            assertThat(recorder.texts()).first().isEqualTo("two");
        }
    }

    @Test
    void aLinkWhoseFramesWaitForTheirReceiverGivesWayAsAWhole() throws Exception {
        serve(1);
        Recorder full = new Recorder();
        full.open = false;
        ChannelServer waiting = serve(full);
        Tx tx = dialling.dial(waiting.address(), Secret.NONE, ending);
        String large = "w".repeat(300_000);
        tx.offer(Frames.text(large));
        await().atMost(Recorder.PATIENCE).until(() -> full.refused.get() > 0);
        byte[] less = RawPeer.data(1, "l".repeat(100_000));
        try (RawPeer modest = greeted(0)) {
            modest.send(begun(less, 90_000));
            assertThat(ending.reason())
                    .isInstanceOfSatisfying(
                            CloseReason.Rejected.class,
                            rejected -> assertThat(rejected.code()).isEqualTo(RejectCode.NO_ROOM));
            assertThat(ending.frames()).containsExactly(new Ending.Frame(large, false));
            modest.send(rest(less, 90_000));
            recorder.awaitCount(1);
        }
    }

    @Test
    void whoLeavesInTheMiddleHoldsNothing() throws Exception {
        serve(1 << 20);
        byte[] large = RawPeer.data(1, "h".repeat(500_000));
        RawPeer peer = greeted(0).send(begun(large, large.length - 1));
        awaitHeld(large.length);
        peer.close();
        awaitHeld(0);
        assertThat(events.await(ChannelEvent.CutInFrame.class)).isNotNull();
    }
}
