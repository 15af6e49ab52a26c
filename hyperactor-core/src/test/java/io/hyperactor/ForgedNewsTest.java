package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperactor.channel.Secret;
import io.hyperactor.channel.Tx;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// News about a message comes from whom it was sent to, or is not believed.
class ForgedNewsTest {
    @TempDir private Path directory;
    private Net net;
    private Net.Station asked;
    private Scene scene;
    private Tx tx;
    private ActorId reached;
    private ActorId stranger;

    @BeforeEach
    void start() {
        net = new Net(directory);
        asked = net.station(ChannelAddress.any(Transport.LOCAL));
        scene = new Scene(Proc.direct(ChannelAddress.any(Transport.LOCAL), "p", net.config));
        tx = net.channels.dial(scene.proc.id().address(), Secret.NONE, (reason, frames) -> {});
        reached = new ProcId(asked.address(), "q").actor("b", 0);
        stranger = new ProcId(asked.address(), "r").actor("b", 0);
    }

    @AfterEach
    void close() {
        scene.close();
        net.close();
    }

    /// From somebody who knows a message of the client.
    private <T> void tell(ActorId from, long port, MessageType<T> type, T news) {
        tell(scene.client.senderIncarnation(), from, port, type, news);
    }

    private <T> void tell(long pin, ActorId from, long port, MessageType<T> type, T news) {
        byte[] frame =
                Net.pinnedTo(
                        pin,
                        Net.frame(
                                1,
                                9,
                                Envelope.RETURN | Envelope.PINNED,
                                port,
                                type.hash(),
                                scene.client.id().toString(),
                                from.toString(),
                                out -> type.write(out, news)));
        tx.offer(out -> out.writeRaw(frame, 0, frame.length), Waiting.PATIENCE.toNanos());
        Waiting.get(tx.flush());
    }

    private Returned returned(byte[] original) {
        return new Returned(
                Undeliverable.Outcome.NOT_DELIVERED,
                List.of(new DeliveryFailure(DeliveryFailure.Reason.ACTOR_FAILED, "so it is said")),
                original);
    }

    private CompletableFuture<Long> ask() {
        CompletableFuture<Long> answer =
                scene.client.request(
                        ActorRef.attest(reached, Work.class),
                        replyTo -> new Work.Question(1, replyTo),
                        Duration.ofMinutes(10));
        assertThat(asked.procs(1)).containsExactly("q");
        return answer;
    }

    @Test
    void aMessageIsReturnedByWhoWasToHaveIt() {
        CompletableFuture<Long> answer = ask();
        long before = Counters.forbidden();
        byte[] original = asked.frames.getFirst();

        tell(stranger, Returned.PORT, Returned.TYPE, returned(original));
        assertThat(answer).isNotDone();
        assertThat(Counters.forbidden()).isEqualTo(before + 1);

        tell(reached, Returned.PORT, Returned.TYPE, returned(original));
        assertThatThrownBy(() -> Waiting.get(answer)).hasStackTraceContaining("so it is said");
    }

    /// Its incarnation is in all its refs.
    @Test
    void whoWasSentNothingReturnsNothing() {
        byte[] original =
                Net.frame(
                        1, 9, 0, 1, 1, reached.toString(), scene.client.id().toString(), out -> {});
        for (long guess : new long[] {0, scene.client.incarnation()}) {
            long before = Counters.abandoned();
            tell(guess, reached, Returned.PORT, Returned.TYPE, returned(original));
            assertThat(Counters.abandoned()).isEqualTo(before + 1);
        }
        assertThat(scene.returnedCount()).isZero();

        tell(reached, Returned.PORT, Returned.TYPE, returned(original));
        Waiting.until(() -> scene.returnedCount() == 1);
    }

    @Test
    void newsWithoutAReasonIsMalformed() {
        long before = Counters.malformed();
        Returned news = new Returned(Undeliverable.Outcome.UNKNOWN, List.of(), new byte[0]);
        tell(reached, Returned.PORT, Returned.TYPE, news);
        assertThat(Counters.malformed()).isEqualTo(before + 1);
    }

    /// It may well have had another message of the asker, and the ports are easily guessed.
    @Test
    void aRequestToAnotherIsNotReturned() {
        CompletableFuture<Long> answer = ask();
        byte[] original =
                new String(asked.frames.getFirst(), StandardCharsets.ISO_8859_1)
                        .replace(",q,", ",r,")
                        .getBytes(StandardCharsets.ISO_8859_1);
        long before = Counters.forbidden();

        tell(stranger, Returned.PORT, Returned.TYPE, returned(original));

        assertThat(answer).isNotDone();
        assertThat(Counters.forbidden()).isEqualTo(before + 1);
    }

    @Test
    void aMessageOfAnotherIsNotReturned() {
        byte[] original =
                Net.frame(
                        1,
                        9,
                        0,
                        1,
                        1,
                        reached.toString(),
                        scene.proc.id().actor("another", 0).toString(),
                        out -> {});
        long before = Counters.forbidden();
        tell(reached, Returned.PORT, Returned.TYPE, returned(original));
        assertThat(Counters.forbidden()).isEqualTo(before + 1);
        assertThat(scene.returnedCount()).isZero();
    }

    @Test
    void whatIsInDoubtIsToldInTheNameOfWhoWasToHaveIt() {
        InDoubt news = new InDoubt(reached, Protocols.of(Work.class).handlerIndex(), 3, 5);
        long before = Counters.forbidden();
        tell(stranger, InDoubt.PORT, InDoubt.TYPE, news);
        assertThat(Counters.forbidden()).isEqualTo(before + 1);
        assertThat(scene.returnedCount()).isZero();

        tell(reached, InDoubt.PORT, InDoubt.TYPE, news);
        Waiting.until(() -> scene.returnedCount() > 0);
        assertThat(scene.returned().getFirst().numbers()).contains(new Undeliverable.Numbers(3, 5));
    }

    @Test
    void aRequestIsFailedByWhoWasAsked() {
        CompletableFuture<Long> answer = ask();
        byte[] request = asked.frames.getFirst();
        long port =
                WireEnvelope.parse(request, 0, request.length, Home.of(new Net.Nowhere()))
                        .replyPort();
        long before = Counters.forbidden();

        tell(stranger, RequestFailed.PORT, RequestFailed.TYPE, new RequestFailed(port, "forged"));
        assertThat(answer).isNotDone();
        assertThat(Counters.forbidden()).isEqualTo(before + 1);

        tell(reached, RequestFailed.PORT, RequestFailed.TYPE, new RequestFailed(port, "it threw"));
        assertThatThrownBy(() -> Waiting.get(answer)).hasStackTraceContaining("it threw");
    }
}
