package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.channel.ChannelException;
import io.hyperactor.channel.Secret;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How a proc is made, reached, and left.
final class ProcTest {
    @TempDir private Path directory;
    private Net net;

    @BeforeEach
    void start() {
        net = new Net(directory);
    }

    @AfterEach
    void end() {
        net.close();
    }

    private static ActorRef<Work> attested(ProcId proc) {
        return ActorRef.attest(proc.actor("a", 0), Work.class);
    }

    @Test
    void aProcWithoutAWayOutReturnsWhatIsForOthers() throws Exception {
        try (Scene scene = new Scene(Proc.local("alone"))) {
            scene.count(attested(new ProcId(new ChannelAddress.Local(7), "other")), 0, 1);
            assertThat(scene.reasons(1)).containsExactly(Reason.NO_ROUTE);
            assertThat(scene.ask(scene.spawn("a", new Counting()).ref(), 0)).isZero();
            Waiting.get(scene.proc.flush());
        }
    }

    @Test
    void whatIsForItselfStaysAndTheRestGoesToTheForwarder() throws Exception {
        List<ProcId> forwarded = new ArrayList<>();
        ProcId id = new ProcId(new ChannelAddress.Local(7), "me");
        Proc proc =
                Proc.configured(
                        id,
                        new Net.Nowhere() {
                            @Override
                            public boolean offer(Envelope envelope) {
                                forwarded.add(envelope.proc());
                                return true;
                            }
                        });
        try (Scene scene = new Scene(proc)) {
            assertThat(scene.ask(scene.spawn("a", new Counting()).ref(), 0)).isZero();
            assertThat(scene.ask(attested(id), 0)).isZero();
            assertThat(forwarded).isEmpty();
            ProcId namesake = new ProcId(new ChannelAddress.Local(8), "me");
            scene.count(attested(namesake), 0, 1);
            assertThat(forwarded).containsExactly(namesake);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aDirectProcIsServedUntilItIsClosed(Transport transport) throws Exception {
        Proc proc = Proc.direct(ChannelAddress.any(transport), "direct", net.config);
        ChannelAddress address = proc.id().address();
        assertThatThrownBy(() -> Proc.direct(address, "second", net.config))
                .isInstanceOf(ChannelException.AddressInUse.class);
        proc.spawn("a", Scene.type("a", new Counting()));
        try (Scene other = net.sender(new DialRouter(net.channels))) {
            other.count(attested(proc.id()), 0, 1);
            Waiting.get(other.proc.flush());
            proc.close();
            try (Proc next = Proc.direct(address, "direct", net.config)) {
                assertThat(next.id()).isEqualTo(proc.id());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aForwardingProcSendsAllThatIsForOthersToOneAddress(Transport transport) {
        Net.Station station = net.station(ChannelAddress.any(transport));
        ProcId id = new ProcId(new ChannelAddress.Local(7), "me");
        try (Scene scene =
                new Scene(Proc.forwarding(id, station.address(), Secret.NONE, net.config))) {
            for (int i = 0; i < 3; i++) {
                scene.count(attested(new ProcId(new ChannelAddress.Local(i), "p" + i)), 0, 1);
            }
            assertThat(station.procs(3)).containsExactly("p0", "p1", "p2");
            assertThat(station.links()).isEqualTo(1);
            Waiting.get(scene.proc.flush());
            station.close();
            Waiting.until(() -> {
                scene.count(attested(new ProcId(new ChannelAddress.Local(1), "p")), 9, 10);
                return scene.returnedCount() > 0;
            });
            assertThat(scene.reasons(1)).isSubsetOf(Reason.PEER_CLOSED, Reason.DIAL_FAILED);
        }
    }

    @Test
    void aProcToldToCloseSomethingClosesItFirst() {
        List<String> closed = new ArrayList<>();
        Proc proc = Proc.direct(ChannelAddress.any(Transport.LOCAL), "direct", net.config);
        proc.closes(() -> closed.add("one"));
        proc.closes(() -> {
            closed.add("two");
            throw new IllegalStateException("on purpose");
        });
        proc.close();
        assertThat(closed).containsExactly("two", "one");
        try (Proc next = Proc.direct(proc.id().address(), "next", net.config)) {
            assertThat(next.id().address()).isEqualTo(proc.id().address());
        }
    }

    @Test
    void aRefResolvesToLiveActorsOfItsProtocolInItsProcOnly() {
        try (Scene scene = new Scene(Proc.local("alone"));
                Scene namesake = new Scene(Proc.local("alone"))) {
            ActorHandle<Work> handle = scene.spawn("a", new Counting());
            assertThat(handle.ref().resolve(scene.proc)).isNotNull();
            assertThat(attested(scene.proc.id()).resolve(scene.proc)).isNotNull();
            assertThat(handle.ref().resolve(namesake.proc)).isNull();
            assertThat(ActorRef.attest(handle.id(), String.class).resolve(scene.proc)).isNull();
            var child = scene.proc.id().actor("a", 1);
            assertThat(ActorRef.attest(child, Work.class).resolve(scene.proc)).isNull();
            assertThat(ActorRef.attest(scene.client.id(), Work.class).resolve(scene.proc)).isNull();
            handle.stop("done");
            Waiting.get(handle.ended());
            assertThat(handle.ref().resolve(scene.proc)).isNull();
        }
    }

    @Test
    void boundsAreChecked() {
        ProcConfig config = net.config;
        assertThatThrownBy(() -> config.withMailboxMaxMessages(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config.withSendWait(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
