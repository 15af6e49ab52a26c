package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// Links over TCP, plain and under TLS: who may have one.
@Timeout(120)
final class NetworkLinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;
    private final Events events = new Events();
    private final Recorder recorder = new Recorder();
    private final Ending ending = new Ending();
    private TestAuthority authority;
    private Channels serving;

    @BeforeEach
    void start() throws Exception {
        authority = new TestAuthority(directory);
        serving = new Channels(config("server", "localhost"));
    }

    @AfterEach
    void stop() {
        serving.close();
        assertThat(events.of(ChannelEvent.Fault.class)).isEmpty();
    }

    private ChannelConfig config(String prefix, String... names) throws Exception {
        return ChannelConfig.standard()
                .withEvents(events)
                .withDialWindow(Duration.ZERO)
                .withTls(
                        authority.issueInto(
                                directory.resolve(prefix), TestAuthority.Kind.of(names)));
    }

    private ChannelServer serve(Transport transport) {
        return serving.serve(TestTransports.any(transport), Admission.open(), recorder);
    }

    private static int port(ChannelServer server) {
        return ((ChannelAddress.Network) server.address()).port();
    }

    private static Socket connect(ChannelServer server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port(server));
    }

    private static void send(Channels from, ChannelServer to, Ending ending) throws Exception {
        Tx tx = from.dial(to.address(), Secret.NONE, ending);
        tx.offer(Frames.text("x"));
        tx.flush().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aReceiverKnowsWhoSends() throws Exception {
        Set<Set<String>> senders = ConcurrentHashMap.newKeySet();
        FrameReceiver receiver =
                (from, bytes, offset, length) -> {
                    senders.add(from.peerNames());
                    return true;
                };
        try (Channels dialling = new Channels(config("client", "client.example", "10.0.0.9"))) {
            send(
                    dialling,
                    serving.serve(TestTransports.any(Transport.TLS), Admission.open(), receiver),
                    ending);
            assertThat(senders).containsExactly(Set.of("client.example", "10.0.0.9"));
            senders.clear();
            send(
                    dialling,
                    serving.serve(TestTransports.any(Transport.TCP), Admission.open(), receiver),
                    ending);
            assertThat(senders).containsExactly(Set.of());
        }
    }

    @Test
    void sessionsAreCountedByTheNamesThatAreProved() throws Exception {
        SessionConfig one =
                new SessionConfig(
                        Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(1), 1, 64);
        try (Channels strict = new Channels(config("strict", "localhost").withSessions(one));
                Channels first = new Channels(config("first", "a.example"));
                Channels again = new Channels(config("again", "a.example"));
                Channels other = new Channels(config("other", "b.example"))) {
            ChannelServer server =
                    strict.serve(TestTransports.any(Transport.TLS), Admission.open(), recorder);
            send(first, server, new Ending());
            again.dial(server.address(), Secret.NONE, ending).offer(Frames.text("x"));
            assertThat(events.await(ChannelEvent.LinkRejected.class).code())
                    .isEqualTo(RejectCode.TOO_MANY_SESSIONS);
            assertThat(ending.frames()).hasSize(1);
            send(other, server, new Ending());
        }
    }

    @Test
    void whoIsOfAnotherAuthorityCanNotSend() throws Exception {
        ChannelServer server = serve(Transport.TLS);
        authority = new TestAuthority(directory);
        try (Channels dialling = new Channels(config("client", "localhost"))) {
            dialling.dial(server.address(), Secret.NONE, ending).offer(Frames.text("x"));
            assertThat(ending.reason())
                    .isInstanceOfSatisfying(
                            CloseReason.DialFailed.class,
                            failed -> assertThat(failed.cause()).isInstanceOf(SSLException.class));
        }
        ChannelEvent.HandshakeFailed told = events.await(ChannelEvent.HandshakeFailed.class);
        assertThat(told.address()).isEqualTo(server.address());
        assertThat(told.peer()).contains("127.0.0.1");
        assertThat(recorder.count()).isZero();
    }

    @Test
    void whoIsNotBelievedHearsWhy() throws Exception {
        ChannelServer server = serve(Transport.TLS);
        TestAuthority strange = new TestAuthority(directory);
        TlsIdentity issued = strange.issue(TestAuthority.Kind.of("localhost"));
        TlsIdentity unknown =
                new TlsIdentity(issued.certificates(), issued.key(), authority.file());
        try (Channels dialling = new Channels(config("client", "localhost").withTls(unknown))) {
            dialling.dial(server.address(), Secret.NONE, ending).offer(Frames.text("x"));
            assertThat(ending.reason())
                    .isInstanceOfSatisfying(
                            CloseReason.DialFailed.class,
                            failed -> assertThat(failed.cause()).hasMessageContaining("alert"));
        }
    }

    @Test
    void withoutCertificatesThereIsNoTls() throws Exception {
        ChannelServer server = serve(Transport.TLS);
        try (Channels bare = new Channels(ChannelConfig.standard())) {
            assertThatThrownBy(() -> bare.dial(server.address(), Secret.NONE, ending))
                    .isInstanceOf(ChannelException.AddressUnusable.class)
                    .hasMessageContaining("--tls-cert");
        }
    }

    @Test
    void plainTextToTheTlsPortIsDroppedAndTold() throws Exception {
        ChannelServer server = serve(Transport.TLS);
        try (Socket peer = connect(server)) {
            peer.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(events.await(ChannelEvent.HandshakeFailed.class)).isNotNull();
            peer.shutdownOutput();
            assertThat(peer.getInputStream().readAllBytes()).hasSizeLessThan(100);
        }
        send(serving, server, ending);
    }

    @Test
    void tlsToThePlainPortIsRefused() throws Exception {
        ChannelServer server = serve(Transport.TCP);
        ChannelAddress tls = new ChannelAddress.Network(Transport.TLS, "localhost", port(server));
        serving.dial(tls, Secret.NONE, ending).offer(Frames.text("x"));
        assertThat(ending.reason()).isInstanceOf(CloseReason.DialFailed.class);
        assertThat(events.await(ChannelEvent.LinkRejected.class).code())
                .isEqualTo(RejectCode.NOT_THIS_PROTOCOL);
    }

    /// Without a certificate. What it sends is more than sockets hold, so some of it was read when
    /// the other one sends.
    @Test
    void whoFloodsAHandshakeIsRefusedAndHoldsNobodyUp() throws Exception {
        ChannelServer server = serve(Transport.TLS);
        byte[] flood = new byte[700_000];
        new TlsRecords().ignoredAlerts(100_000).bytes().get(flood);
        try (Socket peer = connect(server);
                Channels dialling = new Channels(config("client", "localhost"))) {
            send(dialling, server, ending);
            CompletableFuture<Void> refused = flood(peer, flood);
            send(dialling, server, new Ending());
            assertThat(events.await(ChannelEvent.HandshakeFailed.class).cause())
                    .isInstanceOf(RecordsWithoutDataException.class);
            assertThat(serving.count(ChannelCounter.HANDSHAKES_FAILED)).isOne();
            assertThat(refused).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void whoSendsNothingButNewKeysIsRefused() throws Exception {
        ChannelServer server = serve(Transport.TLS);
        TlsIdentity identity =
                authority.issueInto(
                        directory.resolve("client"), TestAuthority.Kind.of("client.example"));
        SSLEngine engine = TlsPair.dialling(identity, "localhost").open();
        try (TlsPair ends = new TlsPair();
                SocketChannel socket =
                        SocketChannel.open(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), port(server)))) {
            socket.configureBlocking(false);
            TestEnd client = TestEnd.tls(ends.loop, socket, () -> engine).start();
            assertThat(client.established()).succeedsWithin(PATIENCE);
            ends.loop.execute(() -> write(socket, engine, TlsInput.RECORDS_WITHOUT_DATA_MAX + 1));
            ChannelEvent.LinkRejected told = events.await(ChannelEvent.LinkRejected.class);
            assertThat(told.code()).isEqualTo(RejectCode.MALFORMED);
            assertThat(serving.rejectedLinks(RejectCode.MALFORMED)).isOne();
        }
        send(serving, server, ending);
    }

    private static void write(SocketChannel socket, SSLEngine engine, int keyUpdates) {
        try {
            socket.write(new TlsRecords().keyUpdates(engine, keyUpdates).bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends it again and again, until that fails. Returns when some was sent.
    private static CompletableFuture<Void> flood(Socket peer, byte[] what) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        OutputStream out = peer.getOutputStream();
        CompletableFuture<Void> refused =
                CompletableFuture.runAsync(() -> {
                    try {
                        for (int i = 0; true; i++) {
                            out.write(what);
                            if (i == 20) {
                                begun.countDown();
                            }
                        }
                    } catch (IOException e) {
                        begun.countDown();
                    }
                });
        begun.await();
        return refused;
    }

    @Test
    void whoStallsInTheHandshakeIsDroppedInTime() throws Exception {
        try (Channels hasty =
                new Channels(
                        config("hasty", "localhost")
                                .withSilentConnections(Duration.ofMillis(200), 64))) {
            ChannelServer server =
                    hasty.serve(TestTransports.any(Transport.TLS), Admission.open(), recorder);
            try (Socket peer = connect(server)) {
                OutputStream out = peer.getOutputStream();
                out.write(new byte[] {22, 3, 1}); // a handshake begins so
                assertThat(isHungUpOn(peer)).isTrue();
            }
        }
    }

    @Test
    void whoFailedInTheHandshakeCountsAsLongAsItLingers() throws Exception {
        try (Channels patient =
                new Channels(
                        config("patient", "localhost")
                                .withSilentConnections(Duration.ofSeconds(60), 1)
                                .withCloseWait(Duration.ofSeconds(60)))) {
            ChannelServer server =
                    patient.serve(TestTransports.any(Transport.TLS), Admission.open(), recorder);
            try (Socket failed = connect(server)) {
                failed.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
                assertThat(events.await(ChannelEvent.HandshakeFailed.class)).isNotNull();
                connect(server).close();
                Awaitility.await().until(() -> isGone(failed));
            }
        }
    }

    private static boolean isGone(Socket peer) {
        try {
            peer.getOutputStream().write(0);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aStalledHandshakeDoesNotHoldUpClosing() throws Exception {
        ChannelServer server = serve(Transport.TLS);
        try (Socket peer = connect(server);
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            peer.getOutputStream().write(22);
            Tx tx =
                    serving.dial(
                            new ChannelAddress.Network(
                                    Transport.TLS, "localhost", silent.getLocalPort()),
                            Secret.NONE,
                            ending);
            tx.offer(Frames.text("never"));
            try (Socket _ = silent.accept()) {
                serving.close();
                assertThat(ending.reason()).isInstanceOf(CloseReason.ClosedHere.class);
                assertThat(isHungUpOn(peer)).isTrue();
            }
        }
    }

    /// Waits for the end of what the server says; it is a reset if what was sent to it was not
    /// read.
    private static boolean isHungUpOn(Socket peer) throws IOException {
        try {
            return peer.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void whoLooksAndLeavesIsNoNews() throws Exception {
        for (Transport transport : new Transport[] {Transport.TCP, Transport.TLS}) {
            ChannelServer server = serve(transport);
            connect(server).close();
            send(serving, server, new Ending());
        }
        assertThat(events.of(ChannelEvent.HandshakeFailed.class)).isEmpty();
        assertThat(events.of(ChannelEvent.ForeignPeer.class)).isEmpty();
    }

    /// Root alone can be somebody else.
    @Test
    void anotherUserOfThisMachineIsDroppedAndCounted() throws Exception {
        Assumptions.assumeTrue(
                OwnUser.NAME.equals("root") && Files.exists(Path.of("/usr/bin/setpriv")),
                "needs root and setpriv");
        ChannelServer server = serve(Transport.TCP);
        Process stranger =
                new ProcessBuilder(
                                "setpriv",
                                "--reuid=65534",
                                "--clear-groups",
                                "bash",
                                "-c",
                                "exec 3<>/dev/tcp/127.0.0.1/" + port(server) + "; cat <&3")
                        .start();
        try {
            assertThat(events.await(ChannelEvent.ForeignPeer.class).user()).isEqualTo("65534");
            assertThat(stranger.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
        send(serving, server, ending);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp:192.0.2.1:4444", "tcp:[2001:db8::1]:4444", "tcp:0.0.0.0:1"})
    void offLoopbackPlainTcpIsNotDialledUnlessToldToBeInsecure(String address) throws Exception {
        ChannelAddress parsed = ChannelAddress.parse(address);
        assertThatThrownBy(() -> serving.dial(parsed, Secret.NONE, ending))
                .isInstanceOf(ChannelException.Insecure.class)
                .hasMessageContaining(parsed.toString());
        try (Channels careless = new Channels(config("careless").withInsecure(true))) {
            careless.dial(parsed, Secret.NONE, ending).close();
        }
    }

    @Test
    void anAliasIsServedAndDialledByItsTwoSides() throws Exception {
        ChannelServer server =
                serving.serve(
                        ChannelAddress.parse("tcp://localhost:0@tcp://127.0.0.1:0"),
                        Admission.open(),
                        recorder);
        ChannelAddress alias =
                ChannelAddress.parse(
                        "tcp://localhost:" + port(server) + "@tcp://192.0.2.1:" + port(server));
        Tx tx = serving.dial(alias, Secret.NONE, ending);
        assertThat(tx.address()).isEqualTo(server.address());
        tx.offer(Frames.text("x"));
        tx.flush().get(60, TimeUnit.SECONDS);
        assertThat(recorder.texts()).containsExactly("x");
    }

    @Test
    void newCertificatesAreUsedWhileTheServerRuns() throws Exception {
        Path believed = authority.file();
        ChannelServer server = serve(Transport.TLS);
        authority = new TestAuthority(directory);
        try (Channels dialling = new Channels(config("client", "localhost"))) {
            assertThat(reaches(dialling, server)).isFalse();
            TlsIdentity _ =
                    authority.issueInto(
                            directory.resolve("server"), TestAuthority.Kind.of("localhost"));
            Files.copy(authority.file(), believed, StandardCopyOption.REPLACE_EXISTING);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> reaches(dialling, server));
        }
        assertThat(events.of(ChannelEvent.IdentityReloaded.class)).isNotEmpty();
    }

    private static boolean reaches(Channels dialling, ChannelServer server) {
        Ending attempt = new Ending();
        Tx tx = dialling.dial(server.address(), Secret.NONE, attempt);
        tx.offer(Frames.text("x"));
        try {
            tx.flush().get(60, TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            return false;
        }
    }
}
