package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

@Timeout(60)
final class UnixListenerTest {
    @TempDir Path directory;
    private final Recorder recorder = new Recorder();
    private Path runtime;
    private Channels channels;

    @BeforeEach
    void start() {
        runtime = directory.resolve("run");
        channels = new Channels(ChannelConfig.standard().withRuntimeDirectory(runtime));
    }

    @AfterEach
    void stop() {
        channels.close();
    }

    private ChannelServer serveAny() {
        return channels.serve(ChannelAddress.any(Transport.UNIX), Admission.open(), recorder);
    }

    private ChannelServer serve(Path path) {
        return channels.serve(new ChannelAddress.Unix(path.toString()), Admission.open(), recorder);
    }

    private static Path path(ChannelServer server) {
        return Path.of(((ChannelAddress.Unix) server.address()).path());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private List<Path> files(Path in) throws IOException {
        try (Stream<Path> list = Files.list(in)) {
            return list.toList();
        }
    }

    private void reachable(ChannelServer server) throws Exception {
        Tx tx = channels.dial(server.address(), Secret.NONE, new Ending());
        int before = recorder.count();
        tx.offer(Frames.text("hello"));
        tx.flush().get(30, TimeUnit.SECONDS);
        assertThat(recorder.count()).isEqualTo(before + 1);
    }

    @Test
    void oldSocketsOfDeadServersAreRemovedAndNothingElse() throws Exception {
        ChannelServer living = serveAny();
        Path dead = leave(runtime.resolve("dead"));
        Path young = leave(runtime.resolve("young"));
        Path file = Files.writeString(runtime.resolve("file"), "not a socket");
        FileTime longAgo = FileTime.from(Instant.now().minusSeconds(60));
        for (Path old : List.of(path(living), dead, file)) {
            Files.setLastModifiedTime(old, longAgo);
        }

        assertThat(channels.removeLeftSockets()).isEqualTo(1);

        assertThat(files(runtime)).containsExactlyInAnyOrder(path(living), young, file);
        reachable(living);
    }

    @Test
    void theSocketOfAnEndedProcessIsRemovedButNoneThatIsServedOrElsewhere() throws Exception {
        ChannelServer living = serveAny();
        Path dead = leave(runtime.resolve("dead"));
        Path elsewhere = leave(directory.resolve("elsewhere"));

        for (Path claimed : List.of(path(living), dead, elsewhere)) {
            channels.removeLeftSocket(new ChannelAddress.Unix(claimed.toString()));
        }

        assertThat(files(runtime)).containsExactly(path(living));
        assertThat(elsewhere).exists();
    }

    @Test
    void thereIsNothingToRemoveWhereNobodyServedAnything() {
        assertThat(channels.removeLeftSockets()).isZero();
    }

    private static Path leave(Path socket) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }
        return socket;
    }

    @Test
    void directoryAndFileArePrivate() throws Exception {
        ChannelServer server = serveAny();
        assertThat(mode(runtime)).isEqualTo("rwx------");
        assertThat(mode(path(server))).isEqualTo("rw-------");
        assertThat(path(server).getParent()).isEqualTo(runtime);
        assertThat(files(runtime)).containsExactly(path(server));
        assertThat(serveAny().address()).isNotEqualTo(server.address());
    }

    @Test
    void nothingIsLeftAfterClose() throws Exception {
        ChannelServer server = serveAny();
        reachable(server);
        server.close();
        assertThat(files(runtime)).isEmpty();
    }

    @Test
    void anOpenDirectoryIsRefused() throws IOException {
        Files.createDirectory(runtime);
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-x---"));
        assertThatThrownBy(this::serveAny)
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining(runtime.toString())
                .hasMessageContaining("rwxr-x---");
    }

    @Test
    void aLinkInPlaceOfTheDirectoryIsRefused() throws IOException {
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(runtime, real);
        assertThatThrownBy(this::serveAny)
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("it is not a folder");
        assertThat(files(real)).isEmpty();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
        Files.createFile(runtime);
        assertThatThrownBy(this::serveAny).isInstanceOf(ChannelException.AddressUnusable.class);
    }

    @Test
    void anotherUsersDirectoryIsRefused() throws IOException {
        Files.createDirectory(runtime);
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
        org.junit.jupiter.api.Assumptions.assumeTrue(
                OwnUser.NAME.equals("root"), "only root can give a directory away");
        Files.setOwner(
                runtime,
                runtime.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("nobody"));
        assertThatThrownBy(this::serveAny)
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("it belongs to nobody");
    }

    /// Root alone can be somebody else.
    @Test
    void anotherUserIsKeptOutByTheFileAndDroppedWhereItIsOpenToAll() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                OwnUser.NAME.equals("root")
                        && Files.exists(Path.of("/usr/bin/setpriv"))
                        && Files.exists(Path.of("/usr/bin/perl")),
                "needs root, setpriv and perl");
        Events events = new Events();
        ChannelConfig config = ChannelConfig.standard().withRuntimeDirectory(runtime);
        try (Channels watched = new Channels(config.withEvents(events))) {
            Path socket = directory.resolve("s");
            ChannelServer server =
                    watched.serve(
                            new ChannelAddress.Unix(socket.toString()), Admission.open(), recorder);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(connectAsNobody(socket)).contains("Permission denied");
            assertThat(events.of(ChannelEvent.ForeignPeer.class)).isEmpty();

            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThat(connectAsNobody(socket)).isEqualTo("connected\nhung up on\n");
            assertThat(events.await(ChannelEvent.ForeignPeer.class).user()).isEqualTo("nobody");
            assertThat(watched.count(ChannelCounter.FOREIGN_PEERS)).isOne();
            reachable(server);
        }
    }

    private static String connectAsNobody(Path socket) throws Exception {
        String program =
                "use IO::Socket::UNIX; $| = 1; alarm 30;"
                        + "my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die qq($!\n);"
                        + "print qq(connected\n); sysread($s, my $b, 1) or print qq(hung up on\n)";
        Process stranger =
                new ProcessBuilder(
                                "setpriv",
                                "--reuid=65534",
                                "--clear-groups",
                                "perl",
                                "-e",
                                program,
                                socket.toString())
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader out = stranger.inputReader()) {
            return out.lines().map(line -> line + "\n").collect(Collectors.joining());
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aMissingParentIsAnError() {
        assertThatThrownBy(() -> serve(directory.resolve("missing").resolve("s")))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aPathThatIsTooLongIsNamedWithItsLimit() {
        Path deep = directory.resolve("x".repeat(110 - directory.toString().length()));
        try (Channels far = new Channels(ChannelConfig.standard().withRuntimeDirectory(deep))) {
            assertThatThrownBy(() ->
                            far.serve(
                                    ChannelAddress.any(Transport.UNIX), Admission.open(), recorder))
                    .isInstanceOf(ChannelException.AddressUnusable.class)
                    .hasMessageContaining(deep.toString())
                    .hasMessageContaining("at most 106");
        }
    }

    @Test
    void theLongestPathIsServed() throws Exception {
        reachable(serve(directory.resolve("x".repeat(106 - directory.toString().length() - 1))));
    }

    @Test
    void aPathOneByteLongerIsRefusedAtBothEnds() {
        Path path = directory.resolve("x".repeat(107 - directory.toString().length() - 1));
        assertThatThrownBy(() -> serve(path)).isInstanceOf(ChannelException.AddressUnusable.class);
        assertThatThrownBy(() ->
                        channels.dial(
                                new ChannelAddress.Unix(path.toString()),
                                Secret.NONE,
                                new Ending()))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("107 bytes");
    }

    @Test
    void aShortNameIsServed() throws Exception {
        ChannelServer server = serve(directory.resolve("s"));
        reachable(server);
        assertThat(mode(directory.resolve("s"))).isEqualTo("rw-------");
        server.close();
        assertThat(files(directory)).isEmpty();
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("precious"), "text");
        assertThatThrownBy(() -> serve(file))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("not a socket");
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
        assertThatThrownBy(() -> serve(link)).isInstanceOf(ChannelException.AddressUnusable.class);
        assertThat(file).hasContent("text");
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    private Path stale() throws IOException {
        Path path = directory.resolve("stale");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        return path;
    }

    @Test
    void aDeadServersSocketIsTakenOver() throws Exception {
        Path path = stale();
        ChannelServer server = serve(path);
        reachable(server);
        assertThat(files(directory)).containsExactly(path);
        server.close();
        assertThat(files(directory)).isEmpty();
    }

    @RepeatedTest(50)
    void ofTwoWhoTakeOverADeadSocketExactlyOneServesIt() throws Exception {
        Path path = stale();
        ConcurrentLinkedQueue<UnixListener> servers = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> others = new ConcurrentLinkedQueue<>();
        CyclicBarrier together = new CyclicBarrier(2);
        List<Thread> threads =
                Stream.generate(() ->
                                Thread.ofPlatform()
                                        .start(() -> {
                                            try {
                                                together.await();
                                                // as another process would, without our lock
                                                servers.add(
                                                        UnixListener.bind(
                                                                new ChannelAddress.Unix(
                                                                        path.toString()),
                                                                new Random()));
                                            } catch (ChannelException.AddressInUse e) {
                                                // as it should be
                                            } catch (Throwable t) {
                                                others.add(t);
                                            }
                                        }))
                        .limit(2)
                        .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(others).isEmpty();
        assertThat(servers).hasSize(1);
        assertThat(files(directory)).containsExactly(path);
        RawPeer.dial(servers.element().address()).close();
        servers.element().close();
        assertThat(files(directory)).isEmpty();
    }

    @Test
    void aLiveServersSocketIsInUse() throws Exception {
        ChannelServer server = serveAny();
        try (Channels others = new Channels(ChannelConfig.standard())) {
            assertThatThrownBy(() -> others.serve(server.address(), Admission.open(), recorder))
                    .isInstanceOf(ChannelException.AddressInUse.class);
        }
        reachable(server);
        assertThat(files(runtime)).containsExactly(path(server));
    }

    @Test
    void closingLeavesAFileThatIsNoLongerOurs() throws Exception {
        ChannelServer server = serveAny();
        Path path = path(server);
        Files.delete(path);
        Files.writeString(path, "somebody else's");
        server.close();
        assertThat(path).hasContent("somebody else's");
    }

    @Test
    void abstractNamesAndOtherTransportsAreUnsupported() {
        for (String address :
                List.of("unix:@name", "metatls:localhost:1", "quic:localhost:1", "metaquic:x:1")) {
            ChannelAddress parsed = ChannelAddress.parse(address);
            assertThatThrownBy(() -> channels.serve(parsed, Admission.open(), recorder))
                    .isInstanceOf(ChannelException.Unsupported.class)
                    .hasMessageContaining(parsed.toString());
            assertThatThrownBy(() -> channels.dial(parsed, Secret.NONE, new Ending()))
                    .isInstanceOf(ChannelException.Unsupported.class);
        }
    }

    @Test
    void anEmptyPathCannotBeDialled() {
        assertThatThrownBy(() ->
                        channels.dial(
                                ChannelAddress.any(Transport.UNIX), Secret.NONE, new Ending()))
                .isInstanceOf(ChannelException.AddressUnusable.class);
    }
}
