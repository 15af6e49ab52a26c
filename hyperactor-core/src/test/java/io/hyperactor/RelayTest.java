package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.channel.Admission;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.PortId;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/// A server in front of a router passes on what it does not understand.
final class RelayTest {
    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Random random = new Random(seed);

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

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void offer(Tx tx, byte[] frame) {
        assertThat(
                        tx.offer(
                                out -> out.writeRaw(frame, 0, frame.length),
                                Waiting.PATIENCE.toNanos()))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void anEnvelopeOfAnUnknownTypePassesByteForByteWithOneHopLess(Transport transport) {
        Net.Station goal = net.station(ChannelAddress.any(transport));
        ProcId proc = new ProcId(new ChannelAddress.Local(1), "p");
        DialRouter router = new DialRouter(net.channels);
        router.bind(proc, goal.address(), Secret.NONE);
        MailboxServer relay =
                MailboxServer.serve(
                        net.config, ChannelAddress.any(transport), Admission.open(), router);
        Tx tx = net.channels.dial(relay.address(), Secret.NONE, (reason, frames) -> {});
        int count = 300;
        byte[][] sent = new byte[count][];
        for (int i = 0; i < count; i++) {
            byte[] payload = randomBytes(random.nextInt(1 << random.nextInt(16)));
            sent[i] =
                    Net.frame(
                            1,
                            1 + random.nextInt(255),
                            random.nextInt(8), // pinned, request, return, in all combinations
                            random.nextLong(),
                            random.nextLong(),
                            proc.actor("a", random.nextInt(5)).toString(),
                            "unix:/some/where,else,someone[3]",
                            out -> out.writeRaw(payload, 0, payload.length));
            offer(tx, sent[i]);
        }
        Waiting.until(() -> goal.frames.size() == count);
        for (int i = 0; i < count; i++) {
            sent[i][1]--;
            assertThat(goal.frames.get(i)).as("seed %d, frame %d", seed, i).isEqualTo(sent[i]);
        }
    }

    @Test
    void anEnvelopeThatMayNotGoOnGoesHomeWhole() {
        Net.Station home = net.station(ChannelAddress.any(Transport.LOCAL));
        ProcId sender = new ProcId(home.address(), "sender");
        DialRouter router = new DialRouter(net.channels);
        MailboxServer relay =
                MailboxServer.serve(
                        net.config, ChannelAddress.any(Transport.LOCAL), Admission.open(), router);
        router.owns(relay.address());
        Tx tx = net.channels.dial(relay.address(), Secret.NONE, (reason, frames) -> {});
        byte[] payload = randomBytes(1000);
        byte[] expired =
                Net.frame(
                        1,
                        0,
                        Envelope.REQUEST,
                        PortId.controlIndex(5),
                        random.nextLong(),
                        new ProcId(home.address(), "elsewhere").actor("a", 0).toString(),
                        sender.actor("me", 0).toString(),
                        out -> out.writeRaw(payload, 0, payload.length));
        offer(tx, expired);
        assertThat(home.procs(1)).containsExactly("sender");
        byte[] frame = home.frames.getFirst();
        WireEnvelope back = WireEnvelope.parse(frame, 0, frame.length, Home.of(new Net.Nowhere()));
        assertThat(back.isReturn()).isTrue();
        assertThat(back.destination()).isEqualTo(sender.actor("me", 0).port(Returned.PORT));
        Returned returned = (Returned) back.message(Returned.TYPE);
        assertThat(returned.envelope()).isEqualTo(expired);
        assertThat(returned.failures()).hasSize(1);
        assertThat(returned.failures().getFirst().reason()).isEqualTo(Reason.EXPIRED);
        assertThat(returned.outcome()).isEqualTo(Undeliverable.Outcome.NOT_DELIVERED);
    }

    @Test
    void aReturnThatCanNotGoHomeIsCountedAndNotReturned() {
        DialRouter router = new DialRouter(net.channels);
        MailboxServer relay =
                MailboxServer.serve(
                        net.config, ChannelAddress.any(Transport.LOCAL), Admission.open(), router);
        Tx tx = net.channels.dial(relay.address(), Secret.NONE, (reason, frames) -> {});
        long before = Counters.abandoned();
        byte[] lost =
                Net.frame(
                        1,
                        9,
                        Envelope.RETURN,
                        Returned.PORT,
                        Returned.TYPE.hash(),
                        "local:77,nowhere,a[0]",
                        "local:78,nowhere,b[0]",
                        out -> {});
        offer(tx, lost);
        Waiting.get(tx.flush());
        assertThat(Counters.abandoned()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "UNIX"})
    void aRoutingLoopEndsAndTheMessageComesHomeWhole(Transport transport) {
        ProcId lost = new ProcId(new ChannelAddress.Local(1), "lost");
        DialRouter[] routers = new DialRouter[2];
        ChannelAddress[] addresses = new ChannelAddress[2];
        for (int i = 0; i < 2; i++) {
            routers[i] = new DialRouter(net.channels);
            addresses[i] =
                    MailboxServer.serve(
                                    net.config,
                                    ChannelAddress.any(transport),
                                    Admission.open(),
                                    routers[i])
                            .address();
        }
        routers[0].bind(lost, addresses[1], Secret.NONE);
        routers[1].bind(lost, addresses[0], Secret.NONE);

        try (Scene scene = new Scene(sendingThrough(lost, addresses[0]))) {
            ActorRef<Work> ref = ActorRef.attest(lost.actor("a", 0), Work.class);
            scene.count(ref, 0, 20);
            assertThat(scene.reasons(20)).containsOnly(Reason.EXPIRED).hasSize(20);
            assertThat(scene.returnedNumbers()).isSorted().doesNotHaveDuplicates();
            assertThat(scene.returned().getFirst().destination().actor()).isEqualTo(ref.id());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65})
    void aMessageCrosses64ChannelsAndNoMore(int channels) {
        ProcId far = new ProcId(new ChannelAddress.Local(1), "far");
        Net.Station goal = net.station(ChannelAddress.any(Transport.LOCAL));
        ChannelAddress next = goal.address();
        for (int i = 1; i < channels; i++) {
            DialRouter router = new DialRouter(net.channels);
            router.bind(far, next, Secret.NONE);
            next =
                    MailboxServer.serve(
                                    net.config,
                                    ChannelAddress.any(Transport.LOCAL),
                                    Admission.open(),
                                    router)
                            .address();
        }
        try (Scene scene = new Scene(sendingThrough(far, next))) {
            scene.count(ActorRef.attest(far.actor("a", 0), Work.class), 0, 1);
            if (channels <= 64) {
                assertThat(goal.procs(1)).containsExactly("far");
            } else {
                assertThat(scene.reasons(1)).containsExactly(Reason.EXPIRED);
                assertThat(goal.frames).isEmpty();
            }
        }
    }

    /// A proc that finds `proc` at `address`.
    private Proc sendingThrough(ProcId proc, ChannelAddress address) {
        DialRouter mine = new DialRouter(net.channels);
        mine.bind(proc, address, Secret.NONE);
        MailboxServer server =
                MailboxServer.bind(
                        net.config, ChannelAddress.any(address.transport()), Admission.open());
        Proc sender = Proc.configured(new ProcId(server.address(), "me"), mine, net.config);
        mine.returnTo(sender);
        server.serve(sender);
        return sender;
    }
}
