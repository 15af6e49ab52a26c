package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.channel.ChannelEvent;
import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;

import javax.net.ssl.SSLException;

class ConnectTroubleTest {
    private static final ChannelAddress HOST = ChannelAddress.parse("tls:127.0.0.2:1");
    private static final ChannelAddress OWN = ChannelAddress.parse("tls:127.0.0.1:2");
    private final ConnectTrouble trouble = new ConnectTrouble(HOST);

    private static ChannelEvent.HandshakeFailed failed(String peer, String why) {
        return new ChannelEvent.HandshakeFailed(OWN, peer, new SSLException(why));
    }

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
        trouble.happened(failed("/127.0.0.2:5000", "later"));
        assertThat(trouble.what()).contains("no TLS with tls:127.0.0.2:1: expired");
    }

    @Test
    void aHostThatDoesNotBelieveTheCommandIsTrouble() {
        trouble.happened(failed("node2/127.0.0.2:5000", "bad_certificate"));
        assertThat(trouble.what()).get().asString().contains("tls:127.0.0.1:2", "bad_certificate");
    }

    @Test
    void aStrangerWhoConnectsToTheCommandIsNoTrouble() {
        trouble.happened(failed("/127.0.0.22:5000", "garbage"));
        trouble.happened(failed("/127.0.0.1:5000", "garbage"));
        trouble.happened(failed("unknown", "garbage"));
        assertThat(trouble.what()).isEmpty();
    }

    @Test
    void aHostMayHaveAnAddressOfSixteenBytes() {
        var other = new ConnectTrouble(ChannelAddress.parse("tls:[::1]:1"));
        other.happened(failed("/[0:0:0:0:0:0:0:1]:5000", "bad_certificate"));
        assertThat(other.what()).isPresent();
    }

    @Test
    void onceTheHostHasAnsweredThereIsNone() {
        trouble.happened(failed("/127.0.0.2:5000", "garbage"));
        trouble.end();
        assertThat(trouble.what()).isEmpty();
        trouble.happened(failed("/127.0.0.2:5000", "garbage"));
        assertThat(trouble.what()).isEmpty();
    }
}
