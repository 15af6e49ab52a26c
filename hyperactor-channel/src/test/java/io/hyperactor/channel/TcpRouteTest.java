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
import java.nio.channels.SocketChannel;
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
            assertThat(route.nobodyListens(refused)).isTrue();
        }
    }

    @Test
    void thatAHostDoesNotAnswerOrIsNotReachedProvesNothing() {
        assertThat(route.nobodyListens(new ConnectException("Connection timed out"))).isFalse();
        assertThat(route.nobodyListens(new NoRouteToHostException("No route to host"))).isFalse();
    }
}
