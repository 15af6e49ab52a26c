package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.wire.ChannelAddress;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;

@Timeout(60)
final class TcpListenerTest {
    private static final EventLoop LOOP = // runs nothing: connections are only accepted here
            new EventLoop(
                    SelectorProvider.provider(),
                    Thread::new,
                    System::nanoTime,
                    _ -> {},
                    () -> true);

    private static TcpListener bind(String address) {
        return bind(address, TestTransports.config());
    }

    private static TcpListener bind(String address, ChannelConfig config) {
        return TcpListener.bind(
                ChannelAddress.parse(address),
                config,
                SelectorProvider.provider(),
                config.tls().map(own -> new TlsWatch(TlsPair.keeper(own), LOOP, _ -> {})));
    }

    private static int port(TcpListener listener) {
        return ((ChannelAddress.Network) listener.address()).port();
    }

    private static SocketChannel accept(TcpListener listener) {
        return Awaitility.await()
                .ignoreExceptions()
                .until(listener::accept, accepted -> accepted != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp:127.0.0.1:0", "tcp:[::1]:0", "tcp:localhost:0", "tls:127.0.0.1:0"})
    void aPortIsPickedAndTold(String address) throws IOException {
        TcpListener listener = bind(address);
        assertThat(port(listener)).isPositive();
        assertThat(listener.address().toString())
                .isEqualTo(address.substring(0, address.length() - 1) + port(listener));
        String host = ((ChannelAddress.Network) listener.address()).host();
        try (Socket dialler = new Socket(host, port(listener));
                SocketChannel accepted = accept(listener)) {
            assertThat(accepted.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            assertThat(dialler.isConnected()).isTrue();
        } finally {
            listener.close();
        }
    }

    @Test
    void aPortCanBeServedAgainAtOnceButNotTwice() throws IOException {
        TcpListener first = bind("tcp:127.0.0.1:0");
        String address = first.address().toString();
        try (Socket _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), port(first))) {
            accept(first).close(); // this end lingers
        }
        assertThatThrownBy(() -> bind(address)).isInstanceOf(ChannelException.AddressInUse.class);
        first.close();
        bind(address).close();
    }

    @Test
    void anAliasBindsOneAddressAndTellsTheOther() throws IOException {
        TcpListener listener = bind("tcp://frontend.example:4444@tcp://127.0.0.1:0");
        assertThat(listener.address()).hasToString("tcp:frontend.example:4444");
        listener.close();
        TcpListener picked = bind("tcp://frontend.example:0@tcp://127.0.0.1:0");
        try (Socket dialler = new Socket(InetAddress.ofLiteral("127.0.0.1"), port(picked))) {
            assertThat(dialler.isConnected()).isTrue();
        }
        picked.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp:0.0.0.0:0",
                "tcp:[::]:0",
                "tcp://127.0.0.1:1@tcp://[::]:0",
                "tcp:192.0.2.1:0"
            })
    void offLoopbackPlainTcpIsRefusedUnlessToldToBeInsecure(String address) {
        assertThatThrownBy(() -> bind(address))
                .isInstanceOf(ChannelException.Insecure.class)
                .hasMessageContaining(ChannelAddress.parse(address).toString())
                .hasMessageContaining("tls:")
                .hasMessageContaining("--insecure");
        if (!address.contains("192.0.2.1")) {
            bind(address, TestTransports.config().withInsecure(true)).close();
        }
    }

    @Test
    void underTlsAnyAddressIsServed() {
        bind("tls:[::]:0").close();
    }

    @Test
    void anAddressOfAnotherMachineCannotBeServed() {
        assertThatThrownBy(() -> bind("tls:192.0.2.1:0"))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("192.0.2.1 is no address of this machine");
    }

    @Test
    void aNameThatNobodyHasCannotBeServed() {
        assertThatThrownBy(() -> bind("tls:no-such-host.invalid:0"))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void otherTransportsAreUnsupported() {
        for (String address : new String[] {"quic:localhost:0", "metatls:localhost:0"}) {
            assertThatThrownBy(() -> bind(address))
                    .isInstanceOf(ChannelException.Unsupported.class);
        }
    }

    @Test
    void underTlsThereMustBeCertificates() {
        assertThatThrownBy(() -> bind("tls:127.0.0.1:0", ChannelConfig.standard()))
                .isInstanceOf(ChannelException.AddressUnusable.class)
                .hasMessageContaining("--tls-cert");
        Path missing = Path.of("missing");
        ChannelConfig broken =
                ChannelConfig.standard().withTls(new TlsIdentity(missing, missing, missing));
        assertThatThrownBy(() -> bind("tls:127.0.0.1:0", broken))
                .isInstanceOf(ChannelException.IdentityUnusable.class)
                .hasMessageContaining("missing");
    }
}
