package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Messages that take long to encode, and wait for room on their link.
final class LargeMessageTest {
    private static final AtomicInteger ENCODINGS = new AtomicInteger();

    @TempDir private Path directory;

    sealed interface Freight {
        record Load(byte[] bytes) implements Freight {
            /// A codec asks once for each encoding.
            @Override
            public byte[] bytes() {
                ENCODINGS.incrementAndGet();
                return bytes;
            }
        }
    }

    /// Nobody takes the first one; the second one is offered again and again while its sender
    /// waits.
    @Test
    void whileItWaitsForRoomItIsEncodedOnce() {
        try (Pair pair =
                new Pair(
                        Transport.UNIX,
                        directory,
                        config ->
                                config.withWindow(200_000, 1000)
                                        .withCloseWait(Duration.ofMillis(1)),
                        config ->
                                config.withFlushTimeout(Duration.ZERO)
                                        .withSendWait(Duration.ofMillis(50)))) {
            var address = new ChannelAddress.Unix(directory.resolve("nobody").toString());
            ActorRef<Freight> nobody =
                    ActorRef.attest(new ProcId(address, "p").actor("a", 0), Freight.class);
            pair.here.client.send(nobody, new Freight.Load(new byte[150_000]));
            assertThat(ENCODINGS).hasValue(1);
            pair.here.client.send(nobody, new Freight.Load(new byte[150_000]));
            assertThat(pair.here.reasons(1)).containsExactly(Reason.QUEUE_FULL);
            assertThat(ENCODINGS).hasValue(2);
        }
    }

    @Test
    void anEnvelopeKnowsItsLengthOnceItIsEncoded() {
        try (Scene scene = new Scene()) {
            MessageType<Work> type = Protocols.of(Work.class);
            Envelope sent =
                    ObjectEnvelope.news(
                            scene.client.address(),
                            scene.client.address(),
                            type.handlerIndex(),
                            0,
                            new Work.Item(1),
                            type);
            assertThat(sent.lengthAtLeast()).isZero();
            byte[] bytes = sent.toBytes();
            assertThat(sent.lengthAtLeast()).isEqualTo(bytes.length);
            Envelope came = WireEnvelope.parse(bytes, 0, bytes.length, scene.proc.home());
            assertThat(came.lengthAtLeast()).isEqualTo(bytes.length);
        }
    }
}
