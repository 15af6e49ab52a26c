package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;

/// A listening TCP socket, for plain connections or for those under TLS.
final class TcpListener implements SocketServer.Listener {
    private static final int BACKLOG = 1024;

    private final ChannelAddress address;
    private final ServerSocketChannel socket;
    private final Optional<TlsWatch> tls;
    private final Optional<SocketOwners> owners;

    private TcpListener(
            ChannelAddress address,
            ServerSocketChannel socket,
            Optional<TlsWatch> tls,
            Optional<SocketOwners> owners) {
        this.address = address;
        this.socket = socket;
        this.tls = tls;
        this.owners = owners;
    }

    /// Binds and listens.
    ///
    /// @param asked a host and a port, or an alias, of which it binds one side and tells the other
    /// @param sockets where its socket comes from
    /// @param tls what TLS is spoken with, if there is anything
    static TcpListener bind(
            ChannelAddress asked,
            ChannelConfig config,
            SelectorProvider sockets,
            Optional<TlsWatch> tls) {
        if (!(asked.bindAddress() instanceof ChannelAddress.Network here)
                || (here.transport() != Transport.TCP && here.transport() != Transport.TLS)) {
            throw new ChannelException.Unsupported(asked);
        }
        boolean plain = here.transport() == Transport.TCP;
        InetAddress host = resolve(asked, here.host());
        if (plain) {
            PlainTcp.check(asked, host, config);
        } else {
            TlsWatch.need(tls, asked).require(asked);
        }
        Optional<SocketOwners> owners = plain ? PlainTcp.owners(asked, config) : Optional.empty();
        try {
            ServerSocketChannel socket = open(sockets, new InetSocketAddress(host, here.port()));
            return new TcpListener(
                    told(asked, port(socket)), socket, plain ? Optional.empty() : tls, owners);
        } catch (BindException e) {
            throw isOurs(host)
                    ? new ChannelException.AddressInUse(asked)
                    : new ChannelException.AddressUnusable(
                            asked, host.getHostAddress() + " is no address of this machine", e);
        } catch (IOException e) {
            throw new ChannelException.AddressUnusable(asked, String.valueOf(e.getMessage()), e);
        }
    }

    private static InetAddress resolve(ChannelAddress asked, String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ChannelException.AddressUnusable(asked, "no host has that name", e);
        }
    }

    private static ServerSocketChannel open(SelectorProvider sockets, InetSocketAddress here)
            throws IOException {
        ServerSocketChannel socket = sockets.openServerSocketChannel();
        try {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return socket.bind(here, BACKLOG);
        } catch (IOException e) {
            Sockets.closeQuietly(socket);
            throw e;
        }
    }

    private static int port(ServerSocketChannel bound) throws IOException {
        return ((InetSocketAddress) bound.getLocalAddress()).getPort();
    }

    /// What others dial, with the port that was picked.
    private static ChannelAddress told(ChannelAddress asked, int port) {
        return asked.dialAddress() instanceof ChannelAddress.Network dial && dial.port() == 0
                ? new ChannelAddress.Network(dial.transport(), dial.host(), port)
                : asked.dialAddress();
    }

    private static boolean isOurs(InetAddress host) {
        try {
            return host.isAnyLocalAddress() || NetworkInterface.getByInetAddress(host) != null;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public ChannelAddress address() {
        return address;
    }

    @Override
    public SelectionKey register(EventLoop loop, EventLoop.Handler handler) throws IOException {
        return loop.register(socket, SelectionKey.OP_ACCEPT, handler);
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        SocketChannel accepted = socket.accept();
        if (accepted != null) {
            try {
                Sockets.sendAtOnce(accepted);
            } catch (IOException e) {
                // It is gone already. Who reads from it will see: this must not look like a
                // listener that fails.
            }
        }
        return accepted;
    }

    @Override
    public Connection connection(SocketChannel connected, EventLoop loop, EventLoop.Handler handler)
            throws IOException {
        if (tls.isPresent()) {
            return new TlsConnection(connected, tls.get().serving(address), loop, handler);
        }
        return owners.isPresent()
                        && connected.getLocalAddress() instanceof InetSocketAddress local
                        && connected.getRemoteAddress() instanceof InetSocketAddress remote
                ? PlainConnection.checked(
                        connected, () -> owners.get().checkDialler(local, remote), loop, handler)
                : new PlainConnection(connected);
    }

    @Override
    public void close() {
        Sockets.closeQuietly(socket);
    }
}
