package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A dialler on which something fails that never should.
@Timeout(60)
final class SocketTxTest {
    @TempDir Path directory;
    private final Events events = new Events();
    private final Recorder recorder = new Recorder();
    private final Ending ending = new Ending();
    private final FaultyConnection.Plan plan = new FaultyConnection.Plan();
    private final AtomicInteger faultyRoutes = new AtomicInteger();
    private Channels channels;
    private SocketTx tx;

    @BeforeEach
    void start() {
        channels =
                new Channels(
                        ChannelConfig.standard()
                                .withRuntimeDirectory(directory.resolve("run"))
                                .withEvents(events));
        ChannelServer server =
                channels.serve(ChannelAddress.any(Transport.UNIX), Admission.open(), recorder);
        tx = dial(server.address(), channels);
    }

    private SocketTx dial(ChannelAddress address, Channels by) {
        String path = ((ChannelAddress.Unix) address).path();
        Route route = new FaultyRoute(new UnixRoute(UnixDomainSocketAddress.of(path)));
        return new SocketTx(address, route, Secret.NONE, ending, by.context());
    }

    @AfterEach
    void stop() {
        tx.close();
        channels.close();
    }

    private final class FaultyRoute implements Route {
        private final Route real;

        FaultyRoute(Route real) {
            this.real = real;
        }

        @Override
        public boolean mustAsk() {
            return real.mustAsk();
        }

        @Override
        public SocketAddress next() throws IOException {
            if (faultyRoutes.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("planned");
            }
            return real.next();
        }

        @Override
        public Connection connection(
                SocketChannel socket, EventLoop loop, EventLoop.Handler handler)
                throws IOException {
            return new FaultyConnection(real.connection(socket, loop, handler), plan);
        }

        @Override
        public boolean nobodyListens(SocketAddress tried, IOException cause) {
            return real.nobodyListens(tried, cause);
        }
    }

    private void send(String text) throws Exception {
        assertThat(tx.offer(Frames.text(text))).isTrue();
        tx.flush().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aSenderWhoseWriteFailsLeavesTheLinkToGoOn() throws Exception {
        send("first");
        Thread sender = Thread.currentThread();
        plan.fail(new InternalError("planned"), sender::equals);
        List<String> sent = new ArrayList<>(List.of("first"));
        while (!plan.hasFailed()) { // mostly at once; or the loop was quicker
            sent.add("next");
            send("next");
        }
        send("last");
        sent.add("last");
        assertThat(recorder.texts()).isEqualTo(sent);
        assertThat(tx.closed()).isEmpty();
        assertThat(events.await(ChannelEvent.ConnectionBroke.class).cause())
                .hasRootCauseInstanceOf(InternalError.class);
    }

    @Test
    void theLoopWhoseWriteFailsConnectsAgain() throws Exception {
        send("first");
        Thread sender = Thread.currentThread();
        plan.fail(new InternalError("planned"), thread -> !thread.equals(sender));
        boolean _ = channels.context().loop().execute(() -> tx.offer(Frames.text("second")));
        recorder.awaitCount(2);
        assertThat(plan.hasFailed()).isTrue();
        assertThat(events.await(ChannelEvent.ConnectionBroke.class).cause())
                .hasRootCauseInstanceOf(InternalError.class);
        send("last");
        assertThat(recorder.texts()).containsExactly("first", "second", "last");
        assertThat(tx.closed()).isEmpty();
    }

    @Test
    void anAttemptThatFailsUnforeseenIsNotTheLast() throws Exception {
        faultyRoutes.set(2);
        send("patient");
        assertThat(recorder.texts()).containsExactly("patient");
        assertThat(events.of(ChannelEvent.Fault.class)).hasSize(2);
    }

    @Test
    void aConnectionThatFailsToCloseIsNoneAnyMore() throws Exception {
        send("first");
        plan.closeFails = true;
        plan.fail(new InternalError("planned"), _ -> true);
        assertThat(tx.offer(Frames.text("second"))).isTrue();
        assertThat(events.await(ChannelEvent.Fault.class).cause()).hasMessage("planned");
        send("third");
        recorder.open = false;
        assertThat(tx.offer(Frames.text("last"))).isTrue();
        boolean _ = channels.context().loop().execute(tx::abandon);
        assertThat(ending.frames()).extracting(Ending.Frame::text).containsExactly("last");
        assertThat(recorder.texts()).containsExactly("first", "second", "third");
    }

    @Test
    void whatTheLoopHasWrittenBeforeTheEndOfItsRoundIsTheSendersAgainThen() throws Exception {
        send("first");
        EventLoop loop = channels.context().loop();
        CompletableFuture<Boolean> isTheSenders = new CompletableFuture<>();
        boolean _ =
                loop.execute(() -> {
                    boolean _ = tx.offer(Frames.text("second")); // written at the end of the round
                    loop.call(tx, SelectionKey.OP_READ); // or before
                    assertThat(tx.turn.take()).isTrue(); // as a sender does
                    loop.after(1, () -> isTheSenders.complete(tx.turn.release()));
                });
        assertThat(isTheSenders).succeedsWithin(Recorder.PATIENCE).isEqualTo(true);
        send("third");
        assertThat(recorder.texts()).containsExactly("first", "second", "third");
    }

    @Test
    void aFrameMayTakeLongerThanALinkMayGoWithoutAnAcknowledgement() throws Exception {
        AtomicLong now = new AtomicLong(System.nanoTime());
        ChannelConfig config =
                ChannelConfig.standard()
                        .withRuntimeDirectory(directory.resolve("slow"))
                        .withAckTimeout(Duration.ofSeconds(3));
        plan.most = 32 * 1024;
        plan.onWritten = () -> now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        Surroundings around =
                new Surroundings(
                        now::get,
                        new Random(1),
                        new Random(2),
                        SelectorProvider.provider(),
                        Thread::new);
        try (Channels slow = new Channels(config, around, false)) {
            ChannelServer server =
                    slow.serve(ChannelAddress.any(Transport.UNIX), Admission.open(), recorder);
            try (SocketTx link = dial(server.address(), slow)) {
                long began = now.get();
                assertThat(link.offer(Frames.bytes(new byte[4 << 20]))).isTrue();
                link.flush().get(30, TimeUnit.SECONDS);
                assertThat(Duration.ofNanos(now.get() - began)).isGreaterThan(config.ackTimeout());
            }
        }
    }
}
