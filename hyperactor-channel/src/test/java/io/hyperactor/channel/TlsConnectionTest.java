package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import javax.net.ssl.SSLException;

@Timeout(60)
final class TlsConnectionTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;
    private TestAuthority authority;
    private TlsPair pair;

    @BeforeEach
    void start() throws Exception {
        authority = new TestAuthority(directory);
        pair = new TlsPair();
    }

    @AfterEach
    void stop() throws Exception {
        pair.close();
        assertThat(pair.faults).isEmpty();
    }

    private TestEnd server(String... names) throws Exception {
        return pair.serve(TlsPair.serving(authority.issue(TestAuthority.Kind.of(names))));
    }

    private TestEnd client(String dialled) throws Exception {
        return pair.dial(
                TlsPair.dialling(
                        authority.issue(TestAuthority.Kind.of("client.example", "10.1.2.3")),
                        dialled));
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void bothEndsLearnWhoTheOtherIs() throws Exception {
        TestEnd server = server("server.example", "127.0.0.1");
        TestEnd client = client("server.example");
        assertThat(server.established())
                .succeedsWithin(PATIENCE)
                .satisfies(names ->
                        assertThat(names).containsExactlyInAnyOrder("client.example", "10.1.2.3"));
        assertThat(client.established())
                .succeedsWithin(PATIENCE)
                .satisfies(names ->
                        assertThat(names).containsExactlyInAnyOrder("server.example", "127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void anAddressIsDialledByItsNumber(String host) throws Exception {
        TestEnd server = server("server.example", host);
        assertThat(client(host).established()).succeedsWithin(PATIENCE);
        assertThat(server.established()).succeedsWithin(PATIENCE);
    }

    @Test
    void keysMayBeRsa() throws Exception {
        TlsIdentity rsa = authority.issue(TestAuthority.Kind.of("server.example").algorithm("RSA"));
        TestEnd server = pair.serve(TlsPair.serving(rsa));
        TestEnd client = pair.dial(TlsPair.dialling(rsa, "server.example"));
        assertThat(client.established()).succeedsWithin(PATIENCE);
        assertThat(server.established()).succeedsWithin(PATIENCE);
    }

    /// More than a socket holds, so that some of the handshake has to wait.
    @Test
    void aCertificateMayBeLong() throws Exception {
        String[] names =
                IntStream.range(0, 400)
                        .mapToObj(i -> "server-with-a-long-name-" + i + ".example")
                        .toArray(String[]::new);
        TlsIdentity identity = authority.issue(TestAuthority.Kind.of(names));
        TestEnd server = pair.serve(TlsPair.serving(identity));
        TestEnd client = pair.dial(TlsPair.dialling(identity, names[7]));
        assertThat(client.established())
                .succeedsWithin(PATIENCE)
                .satisfies(found -> assertThat(found).hasSize(400));
        assertThat(server.established()).succeedsWithin(PATIENCE);
    }

    @Test
    void muchGoesBothWaysAtOnceThroughSocketsThatHoldLittle() throws Exception {
        byte[] there = random(3_000_000, 1);
        byte[] back = random(2_500_001, 2);
        TestEnd server = server("server.example");
        TestEnd client = client("server.example");
        server.send(back);
        client.send(there);
        server.finish();
        client.finish();
        assertThat(server.ended()).succeedsWithin(PATIENCE).isEqualTo(there);
        assertThat(client.ended()).succeedsWithin(PATIENCE).isEqualTo(back);
    }

    @Test
    void manySmallPiecesArriveAsOneStream() throws Exception {
        byte[] all = random(50_000, 3);
        TestEnd server = server("server.example");
        TestEnd client = client("server.example");
        for (int at = 0; at < all.length; at += 50) {
            client.send(java.util.Arrays.copyOfRange(all, at, at + 50));
        }
        client.finish();
        assertThat(server.ended()).succeedsWithin(PATIENCE).isEqualTo(all);
    }

    @Test
    void whoReadsLateGetsWhatWasAlreadyDecrypted() throws Exception {
        byte[] all = random(12_000, 4);
        TestEnd server = server("server.example");
        TestEnd client = client("server.example");
        assertThat(server.established()).succeedsWithin(PATIENCE);
        server.pause(true);
        client.send(all);
        client.finish();
        assertThat(client.established()).succeedsWithin(PATIENCE);
        server.pause(false);
        assertThat(server.ended()).succeedsWithin(PATIENCE).isEqualTo(all);
    }

    @Test
    void afterOneEndHasFinishedTheOtherMayStillSpeak() throws Exception {
        TestEnd server = server("server.example");
        TestEnd client = client("server.example");
        client.send(new byte[] {1});
        client.finish();
        assertThat(server.ended()).succeedsWithin(PATIENCE).isEqualTo(new byte[] {1});
        server.send(new byte[] {2});
        server.finish();
        assertThat(client.ended()).succeedsWithin(PATIENCE).isEqualTo(new byte[] {2});
    }

    @Test
    void closingSaysSo() throws Exception {
        TestEnd server = server("server.example");
        TestEnd client = client("server.example");
        assertThat(server.established()).succeedsWithin(PATIENCE);
        assertThat(client.established()).succeedsWithin(PATIENCE);
        client.close();
        assertThat(server.ended()).succeedsWithin(PATIENCE);
    }

    @Test
    void aCutIsAnEndToo() throws Exception {
        TestEnd server = server("server.example");
        TestEnd client = client("server.example");
        client.send(random(100, 5));
        assertThat(server.established()).succeedsWithin(PATIENCE);
        assertThat(client.established()).succeedsWithin(PATIENCE);
        client.cut();
        assertThat(server.ended())
                .satisfies(ended -> {
                    try {
                        byte[] _ = ended.get(30, TimeUnit.SECONDS);
                    } catch (java.util.concurrent.ExecutionException e) {
                        assertThat(e).hasCauseInstanceOf(java.io.IOException.class);
                    }
                });
    }

    @Test
    void whatIsChangedOnTheWayIsRefused() throws Exception {
        TestEnd server = server("server.example");
        TestEnd client = client("server.example");
        assertThat(client.established()).succeedsWithin(PATIENCE);
        assertThat(server.established()).succeedsWithin(PATIENCE);
        pair.client.write(
                ByteBuffer.wrap(
                        new byte[] {
                            23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
                            17, 18, 19, 20
                        }));
        assertThat(server.ended())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(SSLException.class);
        assertThat(client.ended())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("bad_record_mac");
    }

    @Test
    void aConnectionThatHasEndedWhenItIsItsTurnGetsNoEngine() throws Exception {
        AtomicBoolean opened = new AtomicBoolean();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        EventLoop.Handler handler =
                new EventLoop.Handler() {
                    private TlsConnection connection;

                    @Override
                    public void ready(int ops) throws IOException {
                        if (connection == null) {
                            TlsConnection.Engines engines =
                                    () -> {
                                        opened.set(true);
                                        throw new IOException("opened");
                                    };
                            connection = new TlsConnection(pair.server, engines, pair.loop, this);
                            pair.server.close();
                        }
                        connection.establish();
                    }

                    @Override
                    public void fail(Throwable fault) {
                        failure.complete(fault);
                    }
                };
        pair.loop.execute(() -> pair.loop.call(handler, 0));
        assertThat(failure).succeedsWithin(PATIENCE).isInstanceOf(ClosedChannelException.class);
        assertThat(opened).isFalse();
    }

    /// Whoever connects has one, before it is known who that is.
    @Test
    void aConnectionTakesNoBuffersUntilSomethingComes() {
        TlsConnection.Engines engines =
                () -> {
                    throw new IOException("not needed");
                };
        TestEnd handler = TestEnd.tls(pair.loop, pair.client, engines);
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) { // the first one loads classes
            long before = THREADS.getCurrentThreadAllocatedBytes();
            TlsConnection _ = new TlsConnection(pair.server, engines, pair.loop, handler);
            bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(bytes).isLessThan(4096);
    }

    @Test
    void aPeerThatSaysNothingHoldsNothingUp() throws Exception {
        TestEnd server = server("server.example");
        try (TlsPair other = new TlsPair()) {
            TlsIdentity identity = authority.issue(TestAuthority.Kind.of("server.example"));
            TestEnd busy = TestEnd.tls(pair.loop, other.server, TlsPair.serving(identity)).start();
            TestEnd peer =
                    TestEnd.tls(
                                    pair.loop,
                                    other.client,
                                    TlsPair.dialling(identity, "server.example"))
                            .start();
            assertThat(peer.established()).succeedsWithin(PATIENCE);
            assertThat(busy.established()).succeedsWithin(PATIENCE);
        }
        assertThat(server.established()).isNotDone();
    }

    /// Its handler is not with the selector, which has nothing to say of what was read already.
    @Test
    void aHandshakeOfManyRecordsGoesOnInLaterTurns() throws Exception {
        TlsConnection.Engines engines =
                TlsPair.serving(authority.issue(TestAuthority.Kind.of("server.example")));
        Shaking shaking = new Shaking(engines);
        pair.client.write(new TlsRecords().ignoredAlerts(100).nonsense().bytes());
        pair.loop.execute(() -> pair.loop.call(shaking, 0));
        assertThat(shaking.failure)
                .succeedsWithin(PATIENCE)
                .isInstanceOf(SSLException.class)
                .isNotInstanceOf(RecordsWithoutDataException.class);
        assertThat(shaking.calls).hasValue(1 + 1 + 3); // begins, has an engine, goes on
    }

    private final class Shaking implements EventLoop.Handler {
        final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        final AtomicInteger calls = new AtomicInteger();
        private final TlsConnection connection;

        Shaking(TlsConnection.Engines engines) {
            connection = new TlsConnection(pair.server, engines, pair.loop, this);
        }

        @Override
        public void ready(int ops) throws IOException {
            calls.incrementAndGet();
            connection.establish();
        }

        @Override
        public void fail(Throwable fault) {
            failure.complete(fault);
        }
    }

    @Test
    void manyRecordsOfDataArriveInLaterTurns() throws Exception {
        byte[] all = random(3000, 6);
        TestEnd server = server("server.example");
        TestEnd client = client("server.example");
        assertThat(server.established()).succeedsWithin(PATIENCE);
        server.pause(true);
        for (byte one : all) {
            client.send(new byte[] {one});
        }
        client.finish();
        server.pause(false);
        assertThat(server.ended()).succeedsWithin(PATIENCE).isEqualTo(all);
    }
}
