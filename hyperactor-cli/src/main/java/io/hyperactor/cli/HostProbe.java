package io.hyperactor.cli;

import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Tells at once that nobody serves an address. A link would go on trying for a while, as it must
/// where hosts come and go; whoever types a command wants to know now.
final class HostProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private HostProbe() {}

    /// Returns if a connection can be made.
    ///
    /// @throws CliException.Failed if not, with what to do about it
    static void check(ChannelAddress address) {
        try {
            if (address instanceof ChannelAddress.Unix unix && !unix.isAbstract()) {
                connect(Path.of(unix.path()));
            } else if (address instanceof ChannelAddress.Network network) {
                connect(network.host(), network.port());
            } // else whoever dials it knows better
        } catch (ConnectException e) {
            throw noHost(address, e);
        } catch (IOException e) {
            throw new CliException.Failed(
                    "cannot reach a host at " + address + ": " + CliException.reason(e), e);
        }
    }

    private static void connect(Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new ConnectException("no such file");
        }
        try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(path));
        }
    }

    private static void connect(String host, int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
        }
    }

    private static CliException.Failed noHost(ChannelAddress address, Exception cause) {
        return new CliException.Failed(
                "no host at " + address + " (start one with: hyperactor host)", cause);
    }
}
