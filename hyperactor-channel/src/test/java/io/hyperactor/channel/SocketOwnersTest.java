package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

final class SocketOwnersTest {
    private static final String TITLE =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                    + "  timeout inode\n";

    /// A dialler at port 40000 of a server at port 8080, both 127.0.0.1.
    private static final InetSocketAddress DIALLER =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000);

    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080);
    private static final String DIALLER_HEX = "0100007F:9C40";
    private static final String SERVER_HEX = "0100007F:1F90";

    @TempDir Path directory;
    private SocketOwners owners;

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the tables are written so");
        owners = new SocketOwners(new SocketTables(directory), 1000);
    }

    private void tables(String tcp, String tcp6) throws IOException {
        Files.writeString(directory.resolve("tcp"), TITLE + tcp);
        Files.writeString(directory.resolve("tcp6"), TITLE + tcp6);
    }

    private static String row(String local, String remote, String state, int uid, int inode) {
        return "   0: "
                + local
                + " "
                + remote
                + " "
                + state
                + " 00000000:00000000 00:00000000 00000000  "
                + uid
                + "        0 "
                + inode
                + " 1 0000000000000000 20 4 30 10 -1\n";
    }

    private void dialler(boolean ours) {
        check(() -> owners.checkDialler(SERVER, DIALLER), ours);
    }

    private void server(boolean ours) {
        check(() -> owners.checkServer(DIALLER, SERVER), ours);
    }

    private static void check(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable what, boolean ours) {
        if (ours) {
            assertThatCode(what).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(what).isInstanceOf(ForeignPeerException.class);
        }
    }

    @Test
    void aDiallerIsWhoHasTheOtherEnd() throws IOException {
        String ours = row(SERVER_HEX, DIALLER_HEX, "01", 1000, 7);
        tables(ours + row(DIALLER_HEX, SERVER_HEX, "01", 1000, 8), "");
        dialler(true);
        tables(ours + row(DIALLER_HEX, SERVER_HEX, "01", 1001, 8), "");
        dialler(false);
        tables(ours, "");
        dialler(false);
    }

    @Test
    void aDiallerThatHasGoneIsNotTakenForAnybody() throws IOException {
        tables(row(DIALLER_HEX, SERVER_HEX, "06", 1000, 0), "");
        dialler(false);
    }

    @Test
    void aServerIsWhoListensAndWhoHasAccepted() throws IOException {
        String anybody = "00000000:0000";
        String listens = row(SERVER_HEX, anybody, "0A", 1000, 5);
        tables(listens + row(SERVER_HEX, DIALLER_HEX, "01", 1000, 6), "");
        server(true);
        tables(listens + row(SERVER_HEX, DIALLER_HEX, "01", 0, 0), "");
        server(true);
        tables(row(SERVER_HEX, anybody, "0A", 1001, 5), "");
        server(false);
        tables(listens + row(SERVER_HEX, DIALLER_HEX, "01", 1001, 6), "");
        server(false);
        tables("", "");
        server(false);
    }

    @Test
    void whoListensEverywhereCountsToo() throws IOException {
        tables("", row("0".repeat(32) + ":1F90", "0".repeat(32) + ":0000", "0A", 1000, 5));
        server(true);
        tables(
                row(SERVER_HEX, "00000000:0000", "0A", 1000, 5),
                row("0".repeat(32) + ":1F90", "0".repeat(32) + ":0000", "0A", 1001, 6));
        server(false);
        tables(row("00000000:1F90", "00000000:0000", "0A", 1000, 5), "");
        server(true);
    }

    @Test
    void anAddressOfVersionFourMayBeWrittenAsOneOfVersionSix() throws IOException {
        String mapped = "0000000000000000FFFF0000";
        tables("", row(mapped + DIALLER_HEX, mapped + SERVER_HEX, "01", 1000, 8));
        dialler(true);
    }

    @Test
    void aTableOfAnotherFormIsAFault() throws IOException {
        tables("what is :9C40 this\n", "");
        assertThatThrownBy(() -> owners.checkDialler(SERVER, DIALLER))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ForeignPeerException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void whatTheKernelSaysOfOurOwnConnectionsIsUnderstood(String host) throws IOException {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "only Linux says it");
        long own = ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        for (TcpSockets real : List.of(new SocketDiag(), new SocketTables(Path.of("/proc/net")))) {
            SocketOwners ours = new SocketOwners(real, own);
            SocketOwners others = new SocketOwners(real, own + 1);
            InetSocketAddress here;
            InetSocketAddress there;
            try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
                try (SocketChannel dialler = SocketChannel.open(server.getLocalAddress())) {
                    here = (InetSocketAddress) dialler.getLocalAddress();
                    there = (InetSocketAddress) dialler.getRemoteAddress();
                    checkServer(ours, others, here, there);
                    try (SocketChannel _ = server.accept()) {
                        checkServer(ours, others, here, there);
                        check(() -> ours.checkDialler(there, here), true);
                        check(() -> others.checkDialler(there, here), false);
                    }
                }
            }
            check(() -> ours.checkServer(here, there), false);
            check(() -> ours.checkDialler(there, here), false);
        }
    }

    private static void checkServer(
            SocketOwners ours,
            SocketOwners others,
            InetSocketAddress here,
            InetSocketAddress there) {
        check(() -> ours.checkServer(here, there), true);
        check(() -> others.checkServer(here, there), false);
    }

    /// Somebody else listens and accepts, and his place is ours when he is asked for: first he is
    /// known as who listens, then as who has accepted.
    @Test
    void whoAcceptsAndLeavesHisPlaceToUsIsNotTakenForUs() {
        TcpSockets.Owner ours = new TcpSockets.Owner(1000, 5);
        TcpSockets.Owner other = new TcpSockets.Owner(1001, 6);
        AtomicBoolean later = new AtomicBoolean();
        TcpSockets changing =
                new TcpSockets() {
                    @Override
                    public Optional<Owner> connected(
                            InetSocketAddress end, InetSocketAddress peer) {
                        return Optional.of(later.getAndSet(true) ? other : new Owner(1001, 0));
                    }

                    @Override
                    public List<Owner> listening(InetSocketAddress address) {
                        return List.of(later.getAndSet(true) ? ours : other);
                    }
                };
        SocketOwners owners = new SocketOwners(changing, 1000);
        check(() -> owners.checkServer(DIALLER, SERVER), false);
    }

    @Test
    void oneSocketAtATimeIsAskedForWhereTheSystemAllowsIt() throws IOException {
        Assumptions.assumeTrue(
                SocketOwners.class.getModule().isNativeAccessEnabled()
                        && Files.isReadable(Path.of("/proc/net/tcp")),
                "only Linux says it");
        assertThat(SocketOwners.sockets()).isInstanceOf(SocketDiag.class);
    }
}
