package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.Transport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// To a host and a port. A name is asked for anew each time, and of several addresses the one that
/// was good is tried first, else one after the other.
final class TcpRoute implements Route {
    private final ChannelAddress.Network address;
    private final ChannelConfig config;
    private final Optional<TlsWatch> tls;
    private final Optional<SocketOwners> owners;
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile @Nullable InetAddress good;

    private TcpRoute(
            ChannelAddress.Network address,
            ChannelConfig config,
            Optional<TlsWatch> tls,
            Optional<SocketOwners> owners) {
        this.address = address;
        this.config = config;
        this.tls = tls;
        this.owners = owners;
    }

    /// @param tls what TLS is spoken with, if there is anything
    static TcpRoute to(
            ChannelAddress.Network address, ChannelConfig config, Optional<TlsWatch> tls) {
        if (address.port() == 0) {
            throw new ChannelException.AddressUnusable(address, "it has no port to dial");
        }
        return switch (address.transport()) {
            case TCP -> plain(address, config);
            case TLS ->
                    new TcpRoute(
                            address,
                            config,
                            Optional.of(TlsWatch.need(tls, address)),
                            Optional.empty());
            default -> throw new ChannelException.Unsupported(address);
        };
    }

    private static TcpRoute plain(ChannelAddress.Network address, ChannelConfig config) {
        if (PeerNames.isNumeric(address.host())) {
            PlainTcp.check(address, InetAddress.ofLiteral(address.host()), config);
        }
        return new TcpRoute(address, config, Optional.empty(), PlainTcp.owners(address, config));
    }

    @Override
    public boolean mustAsk() {
        return !PeerNames.isNumeric(address.host());
    }

    @Override
    public SocketAddress next() throws IOException {
        InetAddress[] all = InetAddress.getAllByName(address.host());
        InetAddress known = good;
        InetAddress chosen =
                known != null && Arrays.asList(all).contains(known)
                        ? known
                        : all[Math.floorMod(attempts.getAndIncrement(), all.length)];
        if (address.transport() == Transport.TCP) {
            PlainTcp.check(address, chosen, config);
        }
        return new InetSocketAddress(chosen, address.port());
    }

    @Override
    public Connection connection(SocketChannel socket, EventLoop loop, EventLoop.Handler handler)
            throws IOException {
        if (socket.getRemoteAddress() instanceof InetSocketAddress reached) {
            good = reached.getAddress();
        }
        if (tls.isPresent()) {
            return new TlsConnection(socket, tls.get().dialling(address), loop, handler);
        }
        return owners.isPresent()
                        && socket.getLocalAddress() instanceof InetSocketAddress local
                        && socket.getRemoteAddress() instanceof InetSocketAddress remote
                ? PlainConnection.checked(
                        socket, () -> owners.get().checkServer(local, remote), loop, handler)
                : new PlainConnection(socket);
    }

    /// A host says so, by refusing; that it does not answer proves nothing. Nor does one of several
    /// that was never good.
    @Override
    public boolean nobodyListens(@Nullable SocketAddress tried, IOException cause) {
        InetAddress known = good;
        return cause instanceof ConnectException
                && Refusal.TEXT.equals(cause.getMessage())
                && (known == null
                        || (tried instanceof InetSocketAddress at
                                && known.equals(at.getAddress())));
    }

    /// By its text alone the JDK tells a refusal from silence, and that is in the user's language.
    private static final class Refusal {
        private static final int TEXT_MILLIS = 1000; // a filter may drop what asks
        static final String TEXT = text();

        /// What a port of this machine says that somebody has bound and nobody listens at.
        private static String text() {
            try (SocketChannel bound = SocketChannel.open()) {
                bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                try (Socket refused = new Socket()) {
                    refused.connect(bound.getLocalAddress(), TEXT_MILLIS);
                }
            } catch (ConnectException e) {
                return String.valueOf(e.getMessage());
            } catch (IOException e) {
                // No loopback here: then it is English.
            }
            return "Connection refused";
        }
    }
}
