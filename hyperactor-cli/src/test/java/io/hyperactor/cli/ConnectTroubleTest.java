package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;

import javax.net.ssl.SSLException;

class ConnectTroubleTest {
    private static final ChannelAddress HOST = ChannelAddress.parse("tls:node1:1");
    private final ConnectTrouble trouble = new ConnectTrouble();

    @Test
    void aHostThatIsNotThereYetIsNoTrouble() {
        trouble.happened(
                new ChannelEvent.DialRetried(HOST, new IOException("refused"), Duration.ZERO));
        assertThat(trouble.what()).isEmpty();
    }

    @Test
    void theFirstReasonIsTold() {
        trouble.happened(
                new ChannelEvent.DialRetried(HOST, new SSLException("expired"), Duration.ZERO));
        trouble.happened(new ChannelEvent.HandshakeFailed(HOST, "x", new SSLException("later")));
        assertThat(trouble.what()).contains("no TLS with tls:node1:1: expired");
    }

    @Test
    void aHostThatDoesNotBelieveTheCommandIsTrouble() {
        ChannelAddress own = ChannelAddress.parse("tls:127.0.0.1:2");
        trouble.happened(
                new ChannelEvent.HandshakeFailed(own, "x", new SSLException("bad_certificate")));
        assertThat(trouble.what()).get().asString().contains("tls:127.0.0.1:2", "bad_certificate");
    }
}
