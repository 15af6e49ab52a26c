package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.channel.OwnUser;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class HostProbeTest {
    @TempDir Path folder;

    private ChannelAddress unix(String name) {
        return new ChannelAddress.Unix(folder.resolve(name).toString());
    }

    private static void assertNoHost(ChannelAddress address) {
        assertThatThrownBy(() -> HostProbe.check(address))
                .isInstanceOf(CliException.Failed.class)
                .hasMessage("no host at " + address + " (start one with: hyperactor host)");
    }

    @Test
    void aSocketThatIsServedIsFine() throws Exception {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(folder.resolve("a")));
            assertThatCode(() -> HostProbe.check(unix("a"))).doesNotThrowAnyException();
        }
    }

    @Test
    @Timeout(60)
    void aHostThatTakesNoConnectionsNowIsThereAllTheSame() throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("a"));
        List<SocketChannel> waiting = new ArrayList<>();
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address, 1);
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    SocketChannel next =
                                            SocketChannel.open(StandardProtocolFamily.UNIX);
                                    waiting.add(next);
                                    next.configureBlocking(false);
                                    boolean _ = next.connect(address);
                                }
                            })
                    .isInstanceOf(SocketException.class);
            assertThatCode(() -> HostProbe.check(unix("a"))).doesNotThrowAnyException();
        } finally {
            for (SocketChannel one : waiting) {
                one.close();
            }
        }
    }

    @Test
    void aHostOfAnotherUserTalksToNobodyElse() throws Exception {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(folder.resolve("a")));
            String user = OwnUser.NAME;
            assertThatThrownBy(() -> HostProbe.check(unix("a"), "not" + user))
                    .isInstanceOf(CliException.Failed.class)
                    .hasMessage(
                            "the host at %s is run by user '%s' and talks to nobody else, so run this as '%s'",
                            unix("a"), user, user);
        }
    }

    @Test
    void aMissingSocketHasNoHost() {
        assertNoHost(unix("missing"));
    }

    @Test
    void aSocketThatADeadHostLeftHasNoHost() throws Exception {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(folder.resolve("left")));
        }
        assertNoHost(unix("left"));
    }

    @Test
    void aFileThatIsNoSocketHasNoHost() throws Exception {
        Files.writeString(folder.resolve("file"), "");
        assertNoHost(unix("file"));
        assertNoHost(unix("file/socket"));
    }

    @Test
    void aPortThatNobodyListensOnHasNoHost() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            var address = new ChannelAddress.Network(Transport.TCP, "127.0.0.1", port);
            assertThatCode(() -> HostProbe.check(address)).doesNotThrowAnyException();
        }
        assertNoHost(new ChannelAddress.Network(Transport.TCP, "127.0.0.1", port));
    }

    @Test
    void aHostNameThatDoesNotExistIsSaidToBeWrong() {
        assertThatThrownBy(() -> HostProbe.check(ChannelAddress.parse("tcp:nowhere.invalid:80")))
                .isInstanceOf(CliException.Failed.class)
                .hasMessage("cannot reach a host at tcp:nowhere.invalid:80: unknown host");
    }
}
