package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.Transport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// Sessions over connections that break: nothing is lost, nothing comes twice, and nobody is asked
/// to send again.
@Timeout(300)
@ParameterizedClass
@EnumSource(names = {"UNIX", "TCP", "TLS"})
final class ResumeTest {
    /// A handshake is long and slow: cut at every byte it would take a quarter of an hour.
    private static final int HANDSHAKE_STEP = Integer.getInteger("handshake.cutStep", 127);

    @Parameter Transport transport;
    @TempDir Path directory;
    private final Events events = new Events();
    private final Recorder recorder = new Recorder();
    private final Ending ending = new Ending();
    private Channels dialling;
    private Channels serving;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws Exception {
        serving = new Channels(config().withEvents(event -> {}));
        ChannelServer server =
                serving.serve(TestTransports.any(transport), Admission.open(), recorder);
        proxy = new FaultProxy(directory.resolve("front"), server.address());
        dialling = new Channels(config());
    }

    private ChannelConfig config() {
        return TestTransports.config()
                .withRuntimeDirectory(directory.resolve("run"))
                .withEvents(events);
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(events.of(ChannelEvent.Fault.class)).isEmpty();
        dialling.close();
        serving.close();
        proxy.close();
    }

    private Tx dial() {
        return dialling.dial(proxy.address(), Secret.NONE, ending);
    }

    private List<Long> arrived() {
        return recorder.frames().stream().map(frame -> Protocol.int64(frame, 0)).toList();
    }

    private static List<Long> numbers(long count) {
        return LongStream.range(0, count).boxed().toList();
    }

    private static void offer(Tx tx, long number, int padding) {
        assertThat(
                        tx.offer(
                                out -> {
                                    out.writeLong(number);
                                    out.writeRaw(new byte[padding], 0, padding);
                                },
                                TimeUnit.SECONDS.toNanos(30)))
                .isTrue();
    }

    @Test
    @Timeout(600)
    void aCutAtAnyByteOfAnExchangeLosesAndDoublesNothing() throws Exception {
        int handshake = transport == Transport.TLS ? 2500 : 0;
        int step = transport == Transport.TLS ? HANDSHAKE_STEP : 1;
        int forth = handshake + Hello.FULL_BYTES + 5 + 3 * (Protocol.DATA_HEADER + 9);
        for (int at = 0; at <= forth; at += step) {
            exchange(at, Long.MAX_VALUE);
        }
        int back = handshake + Welcome.BYTES_MAX + 2 * Protocol.ACK_BYTES;
        for (int at = 0; at <= back; at += step) {
            exchange(Long.MAX_VALUE, at);
        }
        assertThat(proxy.cuts()).isGreaterThan((200 + handshake) / step);
    }

    private void exchange(long forth, long back) throws Exception {
        recorder.clear();
        proxy.cutNext(forth, back);
        try (Tx tx = dial()) {
            for (int i = 0; i < 3; i++) {
                offer(tx, i, 1);
            }
            tx.flush().get(30, TimeUnit.SECONDS);
            assertThat(arrived()).as("cut after %d, %d", forth, back).isEqualTo(numbers(3));
        }
    }

    @RepeatedTest(2)
    void aStreamOverConnectionsThatBreakAllTheTimeArrivesWholeAndInOrder() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int frames = 20_000;
        int padding = random.nextInt(300);
        long whole = (long) frames * (Protocol.DATA_HEADER + Long.BYTES + padding);
        proxy.cutAlways(() -> 200 + random.nextLong(Math.min(200_000, whole / 10)));
        try (Tx tx = dial()) {
            for (long i = 0; i < frames; i++) {
                offer(tx, i, padding);
            }
            tx.flush().get(50, TimeUnit.SECONDS);
            assertThat(arrived()).as("seed %d", seed).isEqualTo(numbers(frames));
            assertThat(proxy.cuts()).as("seed %d", seed).isGreaterThan(3);
        } finally {
            proxy.cutAlways(() -> Long.MAX_VALUE);
        }
        assertThat(ending.frames()).isEmpty();
    }

    @Test
    void aSendersWordIsKeptThoughTheConnectionIsCutWhileNothingIsSent() throws Exception {
        try (Tx tx = dial()) {
            offer(tx, 0, 0);
            tx.flush().get(30, TimeUnit.SECONDS);
            proxy.cutNow();
            events.await(ChannelEvent.ConnectionBroke.class);
            offer(tx, 1, 0);
            tx.flush().get(30, TimeUnit.SECONDS);
            assertThat(arrived()).isEqualTo(numbers(2));
        }
    }

    @Test
    void aPeerThatFallsSilentIsSuspectedAndIsBackWhenItIsHeard() throws Exception {
        SessionConfig quick =
                new SessionConfig(
                        Duration.ofMillis(20),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(60),
                        16,
                        100);
        dialling.close();
        dialling = new Channels(config().withSessions(quick));
        try (Tx tx = dial()) {
            offer(tx, 0, 0);
            tx.flush().get(30, TimeUnit.SECONDS);
            proxy.silent(true);
            assertThat(events.await(ChannelEvent.PeerSuspected.class).silence())
                    .isGreaterThanOrEqualTo(Duration.ofMillis(300));
            offer(tx, 1, 0);
            proxy.silent(false);
            tx.flush().get(30, TimeUnit.SECONDS);
            events.await(ChannelEvent.PeerRecovered.class);
            assertThat(arrived()).isEqualTo(numbers(2));
            assertThat(tx.closed()).isEmpty();
            assertThat(serving.sessions()).isEqualTo(1);
        }
        assertThat(dialling.count(ChannelCounter.PEERS_SUSPECTED)).isPositive();
        assertThat(dialling.count(ChannelCounter.PEERS_RECOVERED)).isPositive();
        assertThat(dialling.count(ChannelCounter.SESSIONS_RESUMED)).isPositive();
        serving.close();
        assertThat(serving.sessions()).isZero();
    }

    @Test
    void aServerThatStartsAgainDoesNotGetTheFramesOfItsPredecessor() throws Exception {
        Tx tx = dial();
        offer(tx, 0, 0);
        tx.flush().get(30, TimeUnit.SECONDS);
        serving.close();
        proxy.cutNow();

        assertThat(ending.reason()).isInstanceOf(CloseReason.class);
        serving = new Channels(config().withEvents(event -> {}));
        Recorder second = new Recorder();
        ChannelServer again =
                serving.serve(TestTransports.any(transport), Admission.open(), second);
        proxy.leadTo(again.address());
        try (Tx fresh = dialling.dial(proxy.address(), Secret.NONE, new Ending())) {
            offer(fresh, 7, 0);
            fresh.flush().get(30, TimeUnit.SECONDS);
        }
        assertThat(second.frames()).hasSize(1);
        assertThat(arrived()).isEqualTo(numbers(1));
    }

    @Test
    void aNewProcessAtAnOldAddressEndsTheSessionAndWhatWasWrittenIsUnknown() throws Exception {
        Tx tx = dial();
        offer(tx, 0, 0);
        tx.flush().get(30, TimeUnit.SECONDS);
        recorder.open = false;
        offer(tx, 1, 0);
        Awaitility.await().until(() -> recorder.refused.get() > 0);
        try (Channels other = new Channels(config().withEvents(event -> {}))) {
            Recorder second = new Recorder();
            ChannelServer twin =
                    other.serve(TestTransports.any(transport), Admission.open(), second);
            proxy.leadTo(twin.address());
            proxy.cutNow();

            assertThat(ending.reason())
                    .isInstanceOfSatisfying(
                            CloseReason.SessionLost.class,
                            lost ->
                                    assertThat(lost.code())
                                            .isEqualTo(RejectCode.OTHER_INCARNATION));
            assertThat(ending.frames()).hasSize(1);
            assertThat(ending.frames().getFirst().written()).isTrue();
            assertThat(second.frames()).isEmpty();
            assertThat(events.of(ChannelEvent.LinkLost.class))
                    .containsExactly(
                            new ChannelEvent.LinkLost(proxy.address(), ending.reason(), 1));
            assertThat(dialling.count(ChannelCounter.LINKS_LOST)).isOne();
        }
    }

    @Test
    void aFrameThatTheReceiverCanNotTakeComesBackAloneAndTheOthersArrive() throws Exception {
        recorder.refuses("bad");
        Ending refusals = new Ending();
        try (Tx tx = dialling.dial(proxy.address(), Secret.NONE, refusals)) {
            for (String text : List.of("a", "bad", "b", "bad", "c")) {
                assertThat(tx.offer(Frames.text(text))).isTrue();
            }
            tx.flush().get(30, TimeUnit.SECONDS);
        }
        assertThat(recorder.texts()).containsExactly("a", "b", "c");
        assertThat(refusals.refused).containsExactly("FRAME_REFUSED bad", "FRAME_REFUSED bad");
        assertThat(refusals.frames()).isEmpty();
    }

    @Test
    void ofMoreRefusalsThanAServerKeepsEachIsToldOnceAllTheSame() throws Exception {
        recorder.refuses("bad");
        int count = 5 * ServedSession.REFUSALS_MAX;
        Ending refusals = new Ending();
        try (Tx tx = dialling.dial(proxy.address(), Secret.NONE, refusals)) {
            for (int i = 0; i < count; i++) {
                assertThat(tx.offer(Frames.text("bad"))).isTrue();
            }
            assertThat(tx.offer(Frames.text("good"))).isTrue();
            tx.flush().get(60, TimeUnit.SECONDS);
        }
        assertThat(recorder.texts()).containsExactly("good");
        assertThat(refusals.refused).hasSize(count);
        assertThat(dialling.count(ChannelCounter.SESSIONS_RESUMED)).isPositive();
        assertThat(refusals.frames()).isEmpty();
    }

    @Test
    void aRefusalThatWasCutOffIsToldAgain() throws Exception {
        recorder.refuses("bad");
        Ending refusals = new Ending();
        proxy.cutNext(Long.MAX_VALUE, Welcome.BYTES_MAX + 3);
        try (Tx tx = dialling.dial(proxy.address(), Secret.NONE, refusals)) {
            assertThat(tx.offer(Frames.text("bad"))).isTrue();
            assertThat(tx.offer(Frames.text("good"))).isTrue();
            tx.flush().get(30, TimeUnit.SECONDS);
        }
        assertThat(recorder.texts()).containsExactly("good");
        assertThat(refusals.refused).containsExactly("FRAME_REFUSED bad");
    }

    @Test
    void aFrameOverTheServersLimitComesBackAloneThoughItWasWrittenBeforeTheLimitWasKnown()
            throws Exception {
        serving.close();
        serving = new Channels(config().withFrameMaxBytes(1000).withEvents(event -> {}));
        ChannelServer server =
                serving.serve(TestTransports.any(transport), Admission.open(), recorder);
        Ending refusals = new Ending();
        for (int length : new int[] {999, 1000, 1001, 300_000}) {
            try (Tx tx = dialling.dial(server.address(), Secret.NONE, refusals)) {
                assertThat(tx.offer(Frames.bytes(new byte[length]))).isTrue();
                assertThat(tx.offer(Frames.bytes(new byte[1]))).isTrue();
                tx.flush().get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(recorder.frames())
                .extracting(frame -> frame.length)
                .containsExactly(999, 1, 1000, 1, 1, 1);
        assertThat(refusals.refused)
                .hasSize(2)
                .allMatch(refusal -> refusal.startsWith("FRAME_TOO_LARGE"));
    }
}
