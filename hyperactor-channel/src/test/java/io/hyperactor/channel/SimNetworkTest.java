package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// The real links over a simulated network.
final class SimNetworkTest {
    private static final int MESSAGES = 50;

    private final SimWorld world = new SimWorld(1);
    private final SimNetwork network = new SimNetwork(world);
    private final SimProcess server = network.start(ChannelConfig.standard());
    private final SimProcess client = network.start(ChannelConfig.standard());
    private final List<Long> received = new ArrayList<>();
    private final List<CloseReason> ended = new ArrayList<>();

    private void serve(SimProcess process) {
        ChannelServer _ =
                process.channels()
                        .serve(
                                server.address(7),
                                Admission.open(),
                                (from, buffer, offset, length) -> {
                                    received.add(Protocol.int64(buffer, offset));
                                    return true;
                                });
    }

    private Tx dial() {
        return client.channels()
                .dial(server.address(7), Secret.NONE, (reason, frames) -> ended.add(reason));
    }

    private void run(long nanos) {
        long until = world.now() + nanos;
        while (world.step(until)) {
            // goes on
        }
    }

    private void send(Tx link) {
        for (long i = 0; i < MESSAGES; i++) {
            long number = i;
            world.after(
                    i * SimWorld.MILLI,
                    () -> {
                        if (link.closed().isEmpty()) {
                            assertThat(link.offer(out -> out.writeLong(number))).isTrue();
                        }
                    });
        }
    }

    @Test
    void framesArriveInOrderThoughConnectionsBreak() {
        network.weather(() ->
                SimWeather.fair()
                        .breaking(
                                100 + world.upTo(500),
                                SimWeather.NEVER,
                                SimWeather.NEVER,
                                SimWorld.SECOND));
        serve(server);
        send(dial());
        run(60 * SimWorld.SECOND);
        assertThat(received).hasSize(MESSAGES).isSorted().doesNotHaveDuplicates();
        assertThat(network.connections()).hasSizeGreaterThan(3);
        assertThat(ended).isEmpty();
    }

    @Test
    void aLinkEndsWhenItsServerWasKilled() {
        serve(server);
        send(dial());
        run(20 * SimWorld.MILLI);
        server.kill();
        serve(network.start("10.0.0.1", ChannelConfig.standard()));
        run(SimWorld.SECOND);
        assertThat(ended).hasSize(1);
        assertThat(received).isNotEmpty().hasSizeLessThan(MESSAGES);
    }

    @Test
    void aProcessThatClosesEndsItsLinks() {
        serve(server);
        send(dial());
        run(SimWorld.SECOND);
        client.close();
        run(SimWorld.SECOND);
        assertThat(ended).containsExactly(new CloseReason.ClosedHere());
        assertThat(received).hasSize(MESSAGES);
    }
}
