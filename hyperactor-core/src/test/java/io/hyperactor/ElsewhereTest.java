package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.Undeliverable.Numbers;
import io.hyperactor.channel.ChannelConfig;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.CloseReason;
import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.channel.TxListener;
import io.hyperactor.channel.UnackedFrames;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// What a proc without a host is told of what it has sent to other processes, whose words are
/// written by hand.
final class ElsewhereTest {
    @TempDir private Path directory;
    private ChannelAddress there;
    private ActorRef<Work> to;
    private Channels here;
    private Scene scene;
    private Peer first;
    private Peer second;

    /// One that serves the address, and may say something.
    private final class Peer implements AutoCloseable {
        final Net net = new Net(directory);
        final Net.Station station = net.station(there);
        private final Tx toUs = net.channels.dial(scene.proc.id().address(), Secret.NONE, DEAF);

        void says(long port, MessageType<?> type, Object news) {
            byte[] frame =
                    ObjectEnvelope.news(
                                    Address.of(to.id()),
                                    Address.of(scene.client.id()),
                                    port,
                                    scene.client.senderIncarnation(),
                                    news,
                                    type)
                            .toBytes();
            assertThat(toUs.offer(out -> out.writeRaw(frame, 0, frame.length))).isTrue();
            Waiting.get(toUs.flush());
        }

        void hasHandled(long messages) {
            Handled.Mark mark =
                    new Handled.Mark(
                            scene.client.id(), scene.client.senderIncarnation(), to.id(), messages);
            says(HandledReports.PORT, Handled.TYPE, new Handled(List.of(mark)));
        }

        void givesBack(int number) {
            byte[] message = station.frames.get(number - 1);
            DeliveryFailure why = new DeliveryFailure(DeliveryFailure.Reason.QUEUE_FULL, "");
            says(
                    Returned.PORT,
                    Returned.TYPE,
                    new Returned(Undeliverable.Outcome.NOT_DELIVERED, List.of(why), message));
        }

        @Override
        public void close() {
            station.close();
        }
    }

    private static final TxListener DEAF =
            new TxListener() {
                @Override
                public void ended(CloseReason reason, UnackedFrames frames) {}
            };

    @BeforeEach
    void start() {
        here = new Channels(ChannelConfig.standard().withRuntimeDirectory(directory));
        there = new ChannelAddress.Unix(directory.resolve("there.sock").toString());
        to = ActorRef.attest(new ProcId(there, "p").actor("a", 0), Work.class);
        scene =
                new Scene(
                        Proc.direct(
                                new ChannelAddress.Unix(directory.resolve("here.sock").toString()),
                                "here",
                                ProcConfig.defaults().withChannels(here)));
        first = new Peer();
    }

    @AfterEach
    void end() {
        scene.close();
        here.close();
        first.net.close();
        if (second != null) {
            second.net.close();
        }
    }

    /// What comes back, for the link to who was there before has not ended yet, is sent again.
    private void send(Peer process, int messages) {
        for (int i = 0; i < messages; i++) {
            int before = process.station.frames.size();
            while (process.station.frames.size() == before) {
                int back = scene.returnedCount();
                scene.count(to, 0, 1);
                Waiting.until(() ->
                        process.station.frames.size() > before || scene.returnedCount() > back);
            }
        }
        Waiting.get(scene.proc.flush());
    }

    /// Another process takes the place of the first, which has closed in good order.
    private void change() {
        first.close();
        second = new Peer();
    }

    private List<Numbers> doubts() {
        return scene.returned().stream().flatMap(back -> back.numbers().stream()).toList();
    }

    @Test
    void whatAPredecessorHadLeftIsInDoubtWhenAnotherProcessSpeaks() {
        send(first, 5);
        first.hasHandled(2);
        first.givesBack(4);
        change();
        send(second, 1);
        assertThat(doubts()).isEmpty();
        second.hasHandled(1);
        Waiting.until(() -> !doubts().isEmpty());
        second.hasHandled(0);
        assertThat(doubts()).containsExactly(new Numbers(3, 4)); // once
    }

    @Test
    void aProcessThatHasLeftNothingHasNothingInDoubt() {
        send(first, 5);
        first.hasHandled(4);
        first.givesBack(5);
        change();
        send(second, 1);
        second.hasHandled(1);
        assertThat(doubts()).isEmpty();
    }

    @Test
    void theLastWordsOfAPredecessorAreNotThoseOfItsSuccessor() {
        send(first, 1);
        first.hasHandled(1);
        change();
        send(second, 2);
        second.hasHandled(0);
        first.hasHandled(2);
        second.net.channels.close(); // in good order: so it must be told by who comes next
        Peer third = new Peer();
        try {
            send(third, 1);
            third.hasHandled(0);
            Waiting.until(() -> !doubts().isEmpty());
            assertThat(doubts()).containsExactly(new Numbers(1, 2));
        } finally {
            third.net.close();
        }
    }
}
