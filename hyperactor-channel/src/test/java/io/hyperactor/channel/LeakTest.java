package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is left when all is closed: nothing.
@Timeout(60)
final class LeakTest {
    @TempDir Path directory;

    /// From the first one on the JDK keeps a socket of its own.
    @BeforeAll
    static void openTheFirstSocket() throws IOException {
        SocketChannel.open(StandardProtocolFamily.UNIX).close();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("hyperactor-channels"))
                .collect(Collectors.toSet());
    }

    private static long sockets() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(LeakTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // the listing's own
        }
    }

    @Test
    void noThreadSocketOrFileIsLeft() throws Exception {
        Set<String> before = threads();
        long sockets = sockets();
        Path runtime = directory.resolve("run");
        Channels channels =
                new Channels(
                        ChannelConfig.standard()
                                .withRuntimeDirectory(runtime)
                                .withCloseWait(Duration.ofMillis(200)));
        Recorder recorder = new Recorder();
        ChannelServer server =
                channels.serve(ChannelAddress.any(Transport.UNIX), Admission.open(), recorder);
        for (int i = 0; i < 10; i++) {
            Tx tx = channels.dial(server.address(), Secret.NONE, new Ending());
            tx.offer(Frames.text("hello"));
            tx.flush().get(30, TimeUnit.SECONDS);
        }
        RawPeer silent = RawPeer.dial(server.address());
        RawPeer stubborn = RawPeer.dial(server.address()).hello();
        assertThat(stubborn.answer()).isNotNull();
        Set<String> own = threads();
        own.removeAll(before);
        assertThat(own).hasSize(1);
        assertThat(sockets()).isGreaterThan(sockets + 20);

        channels.close();
        silent.close();
        stubborn.close();

        assertNothingIsLeft(before, sockets, runtime);
    }

    /// What other tests have just closed may have been there before, and no more.
    private static void assertNothingIsLeft(Set<String> threads, long sockets, Path runtime)
            throws IOException {
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(threads));
        Awaitility.await().untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(sockets));
        try (Stream<Path> files = Files.list(runtime)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void linksThatBreakLeaveNoSocket() throws Exception {
        long sockets = sockets();
        try (var listener = RawPeer.listen(directory.resolve("s"));
                Channels channels = new Channels(ChannelConfig.standard())) {
            long withLoop = sockets();
            for (int i = 0; i < 5; i++) {
                Ending ending = new Ending();
                channels.dial(
                                new ChannelAddress.Unix(directory.resolve("s").toString()),
                                Secret.NONE,
                                ending)
                        .offer(Frames.text("x"));
                RawPeer broken = RawPeer.accept(listener);
                broken.accepted(); // before that it would be an attempt to connect that failed
                broken.close();
                assertThat(ending.reason()).isInstanceOf(CloseReason.ConnectionLost.class);
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(withLoop));
        }
        Awaitility.await().untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(sockets));
    }

    @Test
    void theLoopMayCloseItsOwnChannels() throws Exception {
        Set<String> before = threads();
        long sockets = sockets();
        Path runtime = directory.resolve("run");
        Channels channels = new Channels(ChannelConfig.standard().withRuntimeDirectory(runtime));
        ChannelServer server =
                channels.serve(
                        ChannelAddress.any(Transport.UNIX),
                        Admission.open(),
                        (from, buffer, offset, length) -> {
                            channels.close();
                            return true;
                        });
        Ending ending = new Ending();
        channels.dial(server.address(), Secret.NONE, ending).offer(Frames.text("close"));

        assertThat(ending.reason()).isNotNull();
        assertNothingIsLeft(before, sockets, runtime);
    }

    @Test
    void theSharedChannelsCannotBeClosed() {
        Channels.shared().close();
        ChannelServer server =
                Channels.shared()
                        .serve(
                                ChannelAddress.any(Transport.LOCAL),
                                Admission.open(),
                                new Recorder());
        assertThat(server.address()).isNotEqualTo(ChannelAddress.any(Transport.LOCAL));
        server.close();
    }
}
