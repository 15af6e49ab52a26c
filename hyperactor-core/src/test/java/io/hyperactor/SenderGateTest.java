package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.channel.FrameRefused;
import io.hyperactor.channel.Inbound;
import io.hyperactor.channel.Peer;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;

class SenderGateTest {
    private static final ChannelAddress OWN = ChannelAddress.parse("unix:/run/host.sock");
    private static final Peer A = new Peer.Member(new ProcId(OWN, "a"));

    private record Link(Peer peer, Set<String> peerNames) implements Inbound {
        @Override
        public void resume() {}

        @Override
        public ChannelAddress localAddress() {
            return OWN;
        }

        @Override
        public Object session() {
            return this;
        }

        @Override
        public long incarnation() {
            return 1;
        }
    }

    private final SenderGate gate = new SenderGate();

    private void check(Inbound link, String sender) {
        check(link, sender, "unix:/run/host.sock,x,y[0]");
    }

    private void check(Inbound link, String sender, String destination) {
        byte[] frame = Net.frame(1, 9, 0, 1, 1, destination, sender, out -> {});
        WireEnvelope envelope =
                WireEnvelope.parse(frame, 0, frame.length, Home.of(new Net.Nowhere()));
        gate.check(link, envelope, OWN);
    }

    private void passes(Inbound link, String sender) {
        assertThatCode(() -> check(link, sender)).as(sender).doesNotThrowAnyException();
    }

    private void refused(Inbound link, String sender) {
        long before = Counters.forbidden();
        assertThatThrownBy(() -> check(link, sender)).as(sender).isInstanceOf(FrameRefused.class);
        assertThat(Counters.forbidden()).isEqualTo(before + 1);
    }

    @Test
    void aMemberSpeaksForItsProcAlone() {
        Link a = new Link(A, Set.of());
        for (int i = 0; i < 2; i++) { // also when it has just been found right
            passes(a, "unix:/run/host.sock,a,one[0]");
            refused(a, "unix:/run/host.sock,b,one[0]");
            passes(a, "unix:/run/host.sock,a,two[7]");
            refused(a, "unix:/run/host.sock,service,host_agent[0]");
            refused(a, "unix:/run/other.sock,a,one[0]");
        }
    }

    @Test
    void whatIsRightOfOneLinkIsNotOfAnother() {
        Link b = new Link(new Peer.Member(new ProcId(OWN, "b")), Set.of());
        passes(new Link(A, Set.of()), "unix:/run/host.sock,a,one[0]");
        refused(b, "unix:/run/host.sock,a,one[0]");
    }

    @Test
    void aGuestSpeaksForNobodyWhoIsAtHome() {
        Link guest = new Link(new Peer.Guest(), Set.of());
        passes(guest, "unix:/run/other.sock,a,one[0]");
        passes(guest, "local:4,a,one[0]");
        refused(guest, "unix:/run/host.sock,a,one[0]");
    }

    /// Who is there would believe this host, not that the message is from whom it names.
    @Test
    void whatIsForAnotherHostIsNotPassedOnWhereNamesAreProved() {
        Link proved = new Link(new Peer.Guest(), Set.of("c.example.com"));
        String sender = "tls:c.example.com:1,c,one[0]";
        String elsewhere = "tls:b.example.com:1,b,two[0]";
        for (int i = 0; i < 2; i++) { // also when it has just been found right
            passes(proved, sender);
            assertThatThrownBy(() -> check(proved, sender, elsewhere))
                    .isInstanceOf(FrameRefused.class)
                    .hasMessageContaining("not passed on")
                    .hasMessageContaining(elsewhere);
        }
        Link unproved = new Link(new Peer.Guest(), Set.of());
        assertThatCode(() -> check(unproved, "unix:/run/c.sock,c,one[0]", elsewhere))
                .doesNotThrowAnyException();
    }

    @Test
    void whoIsTrustedPassesOnWhatItLikes() {
        passes(new Link(new Peer.Trusted(), Set.of()), "unix:/run/host.sock,a,one[0]");
    }

    @ParameterizedTest
    @CsvSource({
        "one.example.com, tls:one.example.com:1, true",
        "One.Example.com, tls:one.example.COM:1, true",
        "one.example.com, tls:two.example.com:1, false",
        "example.com, tls:one.example.com:1, false",
        "*.example.com, tls:one.example.com:1, true",
        "*.example.com, tls:one.two.example.com:1, false",
        "*.example.com, tls:example.com:1, false",
        "10.0.0.1, tls:10.0.0.1:1, true",
        "10.0.0.1, tls:10.0.0.2:1, false",
        "10.0.0.1, tls:one.example.com:1, false",
        "0:0:0:0:0:0:0:1, tls:[::1]:1, true",
        "one.example.com, unix:/some/where, false",
        "one.example.com, local:1, false"
    })
    void whoHasProvedNamesSpeaksForWhoIsAtThem(String name, String address, boolean may) {
        Link link = new Link(new Peer.Guest(), Set.of("elsewhere.example.org", name));
        if (may) {
            passes(link, address + ",a,one[0]");
        } else {
            refused(link, address + ",a,one[0]");
        }
    }
}
