package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Who is let in, and as whom.
@Timeout(60)
final class AdmissionTest {
    private static final Secret SECRET = new Secret(0x0123456789abcdefL, 42);
    private static final Peer PEER = new Peer.Member(ProcId.parse("unix:/run/host.sock,a"));

    private static final Admission ADMISSION =
            shown -> SECRET.matches(shown) ? Optional.of(PEER) : Optional.empty();

    @TempDir Path directory;
    private final Events events = new Events();
    private final Recorder recorder = new Recorder();
    private Channels channels;
    private ChannelServer server;

    @BeforeEach
    void start() {
        serve(SessionConfig.standard());
    }

    private void serve(SessionConfig sessions) {
        channels =
                new Channels(
                        ChannelConfig.standard()
                                .withRuntimeDirectory(directory.resolve("run"))
                                .withSessions(sessions)
                                .withEvents(events));
        server = channels.serve(ChannelAddress.any(Transport.UNIX), ADMISSION, recorder);
    }

    @AfterEach
    void close() {
        channels.close();
    }

    @Test
    void whoShowsTheSecretIsLetInAndKnown() throws Exception {
        try (Tx tx = channels.dial(server.address(), SECRET, new Ending())) {
            tx.offer(Frames.text("hello"));
            tx.flush().get(30, TimeUnit.SECONDS);
        }
        assertThat(recorder.texts()).containsExactly("hello");
        assertThat(recorder.last.peer()).isEqualTo(PEER);
    }

    @Test
    void aDiallerWithoutFeaturesShowsItsSecretToo() throws Exception {
        try (RawPeer peer = RawPeer.dial(server.address())) {
            peer.send(Hello.plain(1, 100, 1000, 10).showing(SECRET).encode())
                    .send(RawPeer.data(1, "plain"));
            assertThat(peer.answer().kind()).isEqualTo(Protocol.ACCEPT);
            recorder.awaitCount(1);
            assertThat(recorder.last.peer()).isEqualTo(PEER);
        }
    }

    @Test
    void itsSessionsAreCountedWhateverProcessItSaysThatItIs() throws Exception {
        close();
        Duration second = Duration.ofSeconds(1);
        serve(new SessionConfig(second, Duration.ofSeconds(5), Duration.ofMinutes(1), 1, 64));
        try (RawPeer one = RawPeer.dial(server.address()).send(lasting(1).encode());
                RawPeer two = RawPeer.dial(server.address()).send(lasting(2).encode())) {
            assertThat(one.answer().kind()).isEqualTo(Protocol.ACCEPT);
            assertThat(two.answer().code()).isEqualTo(RejectCode.TOO_MANY_SESSIONS);
        }
    }

    private static Hello lasting(long number) {
        Secret none = Secret.NONE;
        return new Hello(Feature.ALL, number, 100, 1000, 10, SECRET, number, 0, none, 0, 1000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 41, 43, -1})
    void whoDoesNotIsRefusedUnheard(long low) {
        Secret shown = low == 0 ? Secret.NONE : new Secret(SECRET.high(), low);
        Ending ending = new Ending();
        channels.dial(server.address(), shown, ending).offer(Frames.text("let me in"));

        assertThat(ending.reason())
                .isInstanceOfSatisfying(
                        CloseReason.Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(RejectCode.FORBIDDEN));
        assertThat(ending.frames()).containsExactly(new Ending.Frame("let me in", false));
        assertThat(recorder.texts()).isEmpty();
        assertThat(events.await(ChannelEvent.LinkRejected.class).code())
                .isEqualTo(RejectCode.FORBIDDEN);
    }

    @Test
    void whatFollowsARefusedHelloIsNotHeard() throws Exception {
        try (RawPeer peer = RawPeer.dial(server.address()).hello()) {
            peer.send(RawPeer.data(1, "let me in"));
            assertThat(peer.answer().code()).isEqualTo(RejectCode.FORBIDDEN);
            assertThat(peer.answer()).isNull();
        }
        assertThat(recorder.texts()).isEmpty();
    }

    /// Takes frames when it is let.
    private static final class Held implements FrameReceiver {
        final CountDownLatch began = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger frames = new AtomicInteger();

        @Override
        public boolean received(Inbound from, byte[] buffer, int offset, int length) {
            began.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            frames.incrementAndGet();
            return true;
        }
    }

    @Test
    void whoIsDismissedHearsThatWhenWhatHadArrivedIsTaken() throws Exception {
        Held held = new Held();
        ChannelServer busy = channels.serve(ChannelAddress.any(Transport.UNIX), ADMISSION, held);
        int frames = 100;
        ByteBuffer more = ByteBuffer.allocate(128 * 1024); // takes several reads
        for (int i = 2; i <= frames; i++) {
            more.put(RawPeer.data(i, "x".repeat(1000)));
        }
        try (RawPeer peer = RawPeer.dial(busy.address())) {
            peer.send(Hello.plain(1, 100, 1 << 20, 10_000).showing(SECRET).encode());
            assertThat(peer.answer().kind()).isEqualTo(Protocol.ACCEPT);
            peer.send(RawPeer.data(1, "first"));
            held.began.await();
            peer.send(more.flip());
            busy.dismiss(SECRET);
            held.release.countDown();
            assertThat(peer.answerAfterAcks().code()).isEqualTo(RejectCode.FORBIDDEN);
            assertThat(held.frames).hasValue(frames);
        }
    }

    @Test
    void nobodyElseIsDismissed() throws Exception {
        Secret other = Secret.random();
        Admission both = _ -> Optional.of(PEER);
        ChannelServer shared = channels.serve(ChannelAddress.any(Transport.UNIX), both, recorder);
        Ending dismissed = new Ending();
        Tx _ = hello(shared, SECRET, dismissed);
        try (Tx showsAnother = hello(shared, other, new Ending());
                Tx showsNone = hello(shared, Secret.NONE, new Ending())) {
            shared.dismiss(Secret.NONE);
            shared.dismiss(SECRET);
            assertThat(dismissed.reason())
                    .isInstanceOfSatisfying(
                            CloseReason.Rejected.class,
                            rejected ->
                                    assertThat(rejected.code()).isEqualTo(RejectCode.FORBIDDEN));
            for (Tx stays : List.of(showsAnother, showsNone)) {
                stays.offer(Frames.text("still here"));
                stays.flush().get(30, TimeUnit.SECONDS);
                assertThat(stays.closed()).isEmpty();
            }
        }
    }

    private Tx hello(ChannelServer to, Secret secret, Ending ending) throws Exception {
        Tx tx = channels.dial(to.address(), secret, ending);
        tx.offer(Frames.text("hello"));
        tx.flush().get(30, TimeUnit.SECONDS);
        return tx;
    }

    @Test
    void nobodyIsLetInWhereNoSecretIsKnown() {
        assertThat(Admission.only(Secret.NONE).admit(Secret.NONE)).isEmpty();
        assertThat(Admission.only(SECRET).admit(SECRET)).contains(new Peer.Trusted());
    }

    @Test
    void withoutAnAdmissionWhoIsLetInIsAGuestAndThisProcessIsItself() throws Exception {
        for (Transport transport : new Transport[] {Transport.UNIX, Transport.LOCAL}) {
            ChannelServer open =
                    channels.serve(ChannelAddress.any(transport), Admission.open(), recorder);
            try (Tx tx = channels.dial(open.address(), SECRET, new Ending())) {
                tx.offer(Frames.text("hello"));
                tx.flush().get(30, TimeUnit.SECONDS);
            }
            assertThat(recorder.last.peer())
                    .isEqualTo(transport == Transport.UNIX ? new Peer.Guest() : new Peer.Trusted());
        }
    }
}
