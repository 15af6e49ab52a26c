package io.hyperactor.cli;

import io.hyperactor.channel.OwnUser;
import io.hyperactor.wire.ChannelAddress;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
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

    /// Returns if a connection can be made, and a Unix socket is served by the user of this
    /// process: a host drops the connections of all others.
    ///
    /// @throws CliException.Failed if not, with what to do about it
    static void check(ChannelAddress address) {
        check(address, OwnUser.NAME);
    }

    /// The same for who is `user`.
    static void check(ChannelAddress address, String user) {
        try {
            if (address instanceof ChannelAddress.Unix unix && !unix.isAbstract()) {
                String owner = connect(Path.of(unix.path()));
                if (!owner.equals(user)) {
                    throw new CliException.Failed(
                            "the host at %s is run by user '%s' and talks to nobody else, so run this as '%s'"
                                    .formatted(address, owner, owner));
                }
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

    /// @return the user who serves it
    private static String connect(Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new ConnectException("no such file");
        }
        try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.configureBlocking(false); // a full queue would make it wait
            connect(socket, path);
        }
        return Files.getOwner(path).getName();
    }

    private static void connect(SocketChannel socket, Path path) throws IOException {
        try {
            boolean _ = socket.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            throw e;
        } catch (SocketException e) {
            if (!Files.isWritable(path)) {
                throw e;
            } // else the queue is full: somebody is there, busy or stopped
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
