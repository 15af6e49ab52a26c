package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Faults that a real socket has seldom.
@Timeout(60)
final class SocketServerTest {
    private static final SessionConfig UNSUSPICIOUS =
            new SessionConfig(
                    Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofMinutes(1), 16, 64);
    private static final SessionConfig HASTY =
            new SessionConfig(
                    Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMinutes(1), 16, 64);

    @TempDir Path directory;
    private final Events events = new Events();
    private final Recorder recorder = new Recorder();
    private final AtomicInteger failingAccepts = new AtomicInteger();
    private final AtomicInteger accepts = new AtomicInteger();
    private volatile Optional<String> stranger = Optional.empty();
    private final AtomicInteger faultyConnections = new AtomicInteger();
    private final FaultyConnection.Plan plan = new FaultyConnection.Plan();
    private Channels channels;
    private SocketServer server;

    @BeforeEach
    void start() {
        serve(UNSUSPICIOUS);
    }

    private void serve(SessionConfig sessions) {
        ChannelConfig config =
                ChannelConfig.standard()
                        .withRuntimeDirectory(directory.resolve("run"))
                        .withSessions(sessions)
                        .withEvents(events);
        channels = new Channels(config);
        UnixListener real = UnixListener.bind(new ChannelAddress.Unix(""), config, new Random());
        server = new SocketServer(new Faulty(real), Admission.open(), recorder, channels.context());
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        channels.close();
    }

    private final class Faulty implements SocketServer.Listener {
        private final SocketServer.Listener real;

        Faulty(SocketServer.Listener real) {
            this.real = real;
        }

        @Override
        public ChannelAddress address() {
            return real.address();
        }

        @Override
        public SelectionKey register(EventLoop loop, EventLoop.Handler handler) throws IOException {
            return real.register(loop, handler);
        }

        @Override
        public SocketChannel accept() throws IOException {
            accepts.incrementAndGet();
            if (failingAccepts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("Too many open files");
            }
            return real.accept();
        }

        @Override
        public Connection connection(
                SocketChannel connected, EventLoop loop, EventLoop.Handler handler)
                throws IOException {
            if (stranger.isPresent()) {
                throw new ForeignPeerException(connected.getRemoteAddress(), stranger.get());
            }
            if (faultyConnections.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("planned");
            }
            return new FaultyConnection(real.connection(connected, loop, handler), plan);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    @Test
    void failingToAcceptBacksOffInsteadOfSpinning() throws Exception {
        failingAccepts.set(4);
        Tx tx = channels.dial(server.address(), Secret.NONE, new Ending());
        tx.offer(Frames.text("patient"));
        tx.flush().get(30, TimeUnit.SECONDS);

        List<Duration> pauses =
                events.of(ChannelEvent.AcceptFailed.class).stream()
                        .map(ChannelEvent.AcceptFailed::pause)
                        .toList();
        assertThat(pauses).hasSize(4).isSorted();
        assertThat(pauses.getFirst()).isGreaterThanOrEqualTo(Duration.ofMillis(9));
        assertThat(pauses.getLast()).isGreaterThanOrEqualTo(Duration.ofMillis(72));
        assertThat(accepts.get()).isLessThan(10);
    }

    @Test
    void anotherUserIsDroppedUnheardAndCounted() throws Exception {
        stranger = Optional.of("mallory");
        try (RawPeer peer = RawPeer.dial(server.address())) {
            assertThat(events.await(ChannelEvent.ForeignPeer.class).user()).isEqualTo("mallory");
            assertThat(peer.answer()).isNull();
        }
        stranger = Optional.empty();
        Tx tx = channels.dial(server.address(), Secret.NONE, new Ending());
        tx.offer(Frames.text("mine"));
        tx.flush().get(30, TimeUnit.SECONDS);
        assertThat(recorder.texts()).containsExactly("mine");
    }

    @Test
    void aListenerThatThrowsHarmsNobody() throws Exception {
        Tx one =
                channels.dial(
                        server.address(),
                        Secret.NONE,
                        (reason, frames) -> {
                            throw new IllegalStateException("planned");
                        });
        one.offer(Frames.text("one"));
        one.close();
        assertThat(events.await(ChannelEvent.ListenerFailed.class).cause()).hasMessage("planned");
        Tx two = channels.dial(server.address(), Secret.NONE, new Ending());
        two.offer(Frames.text("two"));
        two.flush().get(30, TimeUnit.SECONDS);
        assertThat(recorder.texts()).containsExactly("one", "two");
    }

    @Test
    void whatIsAcknowledgedHasBeenHandedOn() throws Exception {
        try (RawPeer peer = RawPeer.dial(server.address()).hello()) {
            assertThat(peer.answer().kind()).isEqualTo(Protocol.ACCEPT);
            CompletableFuture<Boolean> hears = new CompletableFuture<>();
            recorder.onBatchEnd =
                    () -> {
                        try {
                            hears.complete(peer.hears());
                        } catch (IOException e) {
                            hears.completeExceptionally(e);
                        }
                    };
            byte[] data = RawPeer.data(1, "one");
            ByteBuffer both =
                    ByteBuffer.allocate(data.length + Protocol.LENGTH_BYTES + 1).put(data);
            Protocol.putBare(both, Protocol.ACK_NOW);
            peer.send(both.flip());

            assertThat(hears.get(30, TimeUnit.SECONDS)).isFalse();
            assertThat(peer.answer().ack()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatCannotBeTakenUpIsClosed() throws Exception {
        faultyConnections.set(1);
        try (RawPeer peer = RawPeer.dial(server.address())) {
            assertThat(peer.answer()).isNull();
        }
        assertThat(events.await(ChannelEvent.Fault.class).cause()).hasMessage("planned");
        try (RawPeer next = RawPeer.dial(server.address()).hello()) {
            assertThat(next.answer().kind()).isEqualTo(Protocol.ACCEPT);
        }
    }

    @Test
    void anAcknowledgementThatCannotBeWrittenIsSaidOnTheNextConnection() throws Exception {
        SocketTx tx = (SocketTx) channels.dial(server.address(), Secret.NONE, new Ending());
        tx.offer(Frames.text("one"));
        tx.flush().get(30, TimeUnit.SECONDS);
        recorder.onBatchEnd =
                () -> {
                    recorder.onBatchEnd = () -> {};
                    plan.fail(new InternalError("planned"), _ -> true); // the next is the answer
                };
        tx.offer(Frames.text("two"));
        await().atMost(Recorder.PATIENCE).until(() -> tx.session.acknowledged() == 2);
        assertThat(plan.hasFailed()).isTrue();
        assertThat(recorder.texts()).containsExactly("one", "two");
        assertThat(events.of(ChannelEvent.Fault.class)).hasSize(1);
    }

    @Test
    void aLinkThatFailsWhenItsTimeIsUpStopsNoClock() throws Exception {
        stop();
        serve(HASTY);
        plan.closeFails = true;
        try (RawPeer one = RawPeer.dial(server.address()).send(lasting(1).encode());
                RawPeer two = RawPeer.dial(server.address()).send(lasting(2).encode())) {
            assertThat(one.answer().kind()).isEqualTo(Protocol.ACCEPT);
            assertThat(two.answer().kind()).isEqualTo(Protocol.ACCEPT);
            awaitEnd(one);
            awaitEnd(two);
        }
        assertThat(events.await(ChannelEvent.Fault.class, 2))
                .allMatch(fault -> "planned".equals(fault.cause().getMessage()));
    }

    private static Hello lasting(long session) {
        return new Hello(
                Feature.ALL,
                session,
                16 << 20,
                16 << 20,
                65_536,
                Secret.NONE,
                7,
                0,
                Secret.NONE,
                0,
                1000);
    }

    private static void awaitEnd(RawPeer peer) throws IOException {
        RawPeer.Answer answer;
        do {
            answer = peer.answer();
        } while (answer != null);
    }
}
