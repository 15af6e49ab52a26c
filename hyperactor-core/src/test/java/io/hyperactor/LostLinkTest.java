package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// Requests that were acknowledged by a process that is gone.
final class LostLinkTest {
    @TempDir private Path directory;
    private Net net;
    private Net.Station asked;
    private Mortal front;

    @BeforeEach
    void start() throws IOException {
        net = new Net(directory);
        asked = net.station(ChannelAddress.any(Transport.UNIX));
        front = new Mortal(asked.address());
    }

    @AfterEach
    void end() throws IOException {
        front.die();
        net.close();
    }

    /// In the place of a server, through which its connections go, and which ends as a process does
    /// that is killed.
    private static final class Mortal {
        private final Path path;
        private final UnixDomainSocketAddress behind;
        private final ServerSocketChannel listener;
        private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
        private volatile boolean isDead;

        Mortal(ChannelAddress served) throws IOException {
            path = Path.of(((ChannelAddress.Unix) served).path());
            Path moved = Files.move(path, Path.of(path + "~"));
            behind = UnixDomainSocketAddress.of(moved);
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(path));
            Thread.startVirtualThread(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    SocketChannel here = added(listener.accept());
                    SocketChannel there = added(SocketChannel.open(behind));
                    Thread.startVirtualThread(() -> carry(here, there));
                    Thread.startVirtualThread(() -> carry(there, here));
                }
            } catch (IOException e) {
                // dead
            }
        }

        /// Who dials while this dies may be accepted once more.
        private SocketChannel added(SocketChannel one) throws IOException {
            open.add(one);
            if (isDead) {
                one.close();
            }
            return one;
        }

        private static void carry(SocketChannel from, SocketChannel to) {
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            try {
                while (from.read(buffer.clear()) >= 0) {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                }
            } catch (IOException e) {
                // dead
            }
        }

        /// Leaves its file, as the killed do.
        void die() throws IOException {
            isDead = true;
            listener.close();
            for (SocketChannel one : open) {
                one.close();
            }
        }
    }

    private static CompletableFuture<Long> request(Scene scene, ChannelAddress address) {
        return scene.client.request(
                ActorRef.attest(new ProcId(address, "p").actor("a", 0), Work.class),
                (OncePortRef<Long> reply) -> new Work.Question(1, reply),
                Duration.ofHours(1));
    }

    private static void assertDied(CompletableFuture<Long> answer) {
        assertThat(answer)
                .failsWithin(Waiting.PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        AskException.Undelivered.class,
                        e -> {
                            Undeliverable news = e.undeliverable();
                            assertThat(news.failure().reason()).isEqualTo(Reason.PROC_DIED);
                            assertThat(news.outcome()).isEqualTo(Undeliverable.Outcome.UNKNOWN);
                        });
    }

    @Test
    void whoHasAskedWhoIsGoneIsToldAndNobodyElse() throws Exception {
        Scene scene = net.sender(new DialRouter(net.channels));
        Net.Station other = net.station(ChannelAddress.any(Transport.UNIX));
        CompletableFuture<Long> lost = request(scene, asked.address());
        CompletableFuture<Long> open = request(scene, other.address());
        Waiting.get(scene.proc.flush());

        front.die();

        assertDied(lost);
        assertThat(open).isNotDone();
        assertThat(scene.returned()).isEmpty();
    }

    @Test
    void whoSendsEverythingOneWayLosesAllThatHeHasAskedWithIt() throws Exception {
        DialRouter router =
                DialRouter.through(net.channels, asked.address(), Secret.NONE, OwnProcess.shared());
        Scene scene = net.sender(router);
        CompletableFuture<Long> one = request(scene, new ChannelAddress.Local(1));
        CompletableFuture<Long> two = request(scene, new ChannelAddress.Local(2));
        OncePort<Long> unasked = scene.client.openOncePort(Long.class);
        Waiting.get(scene.proc.flush());

        front.die();

        assertDied(one);
        assertDied(two);
        assertThat(unasked.future()).isNotDone();
    }

    @Test
    void whoSendsByTheDefaultOfHisRouterIsToldToo() throws Exception {
        DialRouter byDefault = new DialRouter(net.channels);
        Scene scene = net.sender(new DialRouter(net.channels, Optional.of(byDefault)));
        byDefault.returnTo(scene.proc);
        CompletableFuture<Long> lost = request(scene, asked.address());
        Waiting.get(scene.proc.flush());

        front.die();

        assertDied(lost);
    }

    @Test
    void aRequestIsLostWithTheLinkThatTookItWhateverIsTheRouteNow() throws Exception {
        DialRouter router = new DialRouter(net.channels);
        Scene scene = net.sender(router);
        Net.Station other = net.station(ChannelAddress.any(Transport.UNIX));
        CompletableFuture<Long> lost = request(scene, asked.address());
        assertThat(asked.procs(1)).containsExactly("p");
        router.bind(new ProcId(asked.address(), "p"), other.address(), Secret.NONE);
        CompletableFuture<Long> open = request(scene, asked.address());
        assertThat(other.procs(1)).containsExactly("p");
        Waiting.get(scene.proc.flush());

        front.die();

        assertDied(lost);
        assertThat(open).isNotDone();
    }

    @Test
    void aRelayTellsThoseWhoHaveAskedThroughIt() throws Exception {
        DialRouter relay = new DialRouter(net.channels);
        ChannelAddress way =
                MailboxServer.serve(
                                net.config,
                                ChannelAddress.any(Transport.UNIX),
                                Admission.open(),
                                relay)
                        .address();
        MailboxServer server =
                MailboxServer.bind(
                        net.config, ChannelAddress.any(Transport.UNIX), Admission.open());
        DialRouter through =
                DialRouter.through(net.channels, way, Secret.NONE, OwnProcess.shared());
        Proc proc = Proc.configured(new ProcId(server.address(), "asker"), through, net.config);
        through.returnTo(proc);
        server.serve(proc);
        Scene scene = new Scene(proc);
        CompletableFuture<Long> lost = request(scene, asked.address());
        assertThat(asked.procs(1)).containsExactly("p");
        Waiting.get(relay.flush());

        front.die();

        assertDied(lost);
    }

    @Test
    void whoClosesInGoodOrderMayStillAnswer() throws Exception {
        Scene scene = net.sender(new DialRouter(net.channels));
        CompletableFuture<Long> open = request(scene, asked.address());
        Waiting.get(scene.proc.flush());

        asked.close();

        Waiting.until(() -> { // what is sent when the end is known comes back
            scene.count(
                    ActorRef.attest(new ProcId(asked.address(), "p").actor("a", 0), Work.class),
                    0,
                    1);
            return scene.returnedCount() > 0;
        });
        CompletableFuture<Void> later = new CompletableFuture<>();
        Timers.Timer _ = Timers.after(Duration.ofMillis(200), () -> later.complete(null));
        Waiting.get(later);
        assertThat(open).isNotDone();
    }
}
