package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;

final class TcpRouteTest {
    private final Route route =
            TcpRoute.to(
                    (ChannelAddress.Network) ChannelAddress.parse("tcp:127.0.0.1:9"),
                    ChannelConfig.standard(),
                    Optional.empty());

    @Test
    void whereAConnectionIsRefusedNobodyListens() throws Exception {
        try (SocketChannel bound = SocketChannel.open()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            IOException refused =
                    catchThrowableOfType(
                            ConnectException.class,
                            () -> SocketChannel.open(bound.getLocalAddress()).close());
            assertThat(route.nobodyListens(bound.getLocalAddress(), refused)).isTrue();
            becomeGood();
            assertThat(route.nobodyListens(bound.getLocalAddress(), refused)).isTrue();
            assertThat(route.nobodyListens(at(2), refused))
                    .as("of several one that was never good")
                    .isFalse();
        }
    }

    private static InetSocketAddress at(int last) throws IOException {
        return new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), 9);
    }

    private void becomeGood() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel socket = SocketChannel.open(listener.getLocalAddress())) {
                Connection _ = route.connection(socket, null, null);
            }
        }
    }

    @Test
    void thatAHostDoesNotAnswerOrIsNotReachedProvesNothing() throws Exception {
        for (IOException cause :
                List.of(
                        new ConnectException("Connection timed out"),
                        new NoRouteToHostException("No route to host"))) {
            assertThat(route.nobodyListens(at(1), cause)).isFalse();
        }
    }
}
