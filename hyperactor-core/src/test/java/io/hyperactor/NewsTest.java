package io.hyperactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperactor.DeliveryFailure.Reason;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.MessageType;
import io.hyperactor.wire.ProcId;
import io.hyperactor.wire.Transport;
import io.hyperactor.wire.WireWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// How much news from other procs is read: what an honest one may have to say, and no more.
final class NewsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ActorId LONGEST =
            new ProcId(
                            new ChannelAddress.Network(Transport.METAQUIC, "h".repeat(253), 65_535),
                            "p".repeat(63))
                    .actor("a".repeat(63), Integer.MAX_VALUE);
    private static final String LONG_TEXT = "\u20AC".repeat(5000); // of 3 bytes each
    private static final ActorId REACHED =
            new ProcId(new ChannelAddress.Local(4711), "q").actor("b", 0);

    private final Sent sent = new Sent();
    private final Scene scene =
            new Scene(Proc.configured(new ProcId(new ChannelAddress.Local(1), "p"), sent));
    private final long before = Counters.malformed();

    @AfterEach
    void end() {
        scene.close();
    }

    /// What goes to other procs.
    private static final class Sent extends Net.Nowhere {
        final List<Envelope> envelopes = new CopyOnWriteArrayList<>();

        @Override
        public boolean offer(Envelope envelope) {
            return envelopes.add(envelope);
        }
    }

    private byte[] news(long port, MessageType<?> type, Consumer<WireWriter> payload) {
        return Net.pinnedTo(
                scene.client.senderIncarnation(),
                Net.frame(
                        1,
                        9,
                        Envelope.RETURN | Envelope.PINNED,
                        port,
                        type.hash(),
                        scene.client.id().toString(),
                        REACHED.toString(),
                        payload));
    }

    private WireEnvelope arrived(byte[] frame) {
        return WireEnvelope.parse(frame, 0, frame.length, scene.proc.home());
    }

    private void hear(byte[] frame) {
        assertThat(scene.proc.offer(arrived(frame))).isTrue();
    }

    private CompletableFuture<Long> ask() {
        return scene.client.request(
                ActorRef.attest(REACHED, Work.class),
                replyTo -> new Work.Question(1, replyTo),
                Duration.ofHours(1));
    }

    private void assertMalformed(int messages) {
        assertThat(Counters.malformed()).isEqualTo(before + messages);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anyNewsIsReadUpToItsLimit(int beyond) {
        Hold hold = new Hold(REACHED, false, true);
        byte[] frame = news(Hold.PORT, Hold.TYPE, out -> Hold.TYPE.write(out, hold));
        List<Hold> heard = new ArrayList<>();
        News.read(arrived(frame), Hold.TYPE, frame.length - beyond, heard::add);
        assertThat(heard).hasSize(1 - beyond);
        assertMalformed(beyond);
    }

    private byte[] returned(int payload) {
        byte[] original =
                Net.frame(
                        1,
                        9,
                        0,
                        1,
                        1,
                        REACHED.toString(),
                        scene.client.id().toString(),
                        out -> out.writeRaw(new byte[payload], 0, payload));
        Returned returned =
                new Returned(
                        Undeliverable.Outcome.NOT_DELIVERED,
                        List.of(new DeliveryFailure(Reason.ACTOR_FAILED, "")),
                        original);
        return news(Returned.PORT, Returned.TYPE, out -> Returned.TYPE.write(out, returned));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aReturnedMessageIsReadUpToItsLimit(int beyond) {
        int others = returned(Returned.PAYLOAD_MAX_BYTES).length - Returned.PAYLOAD_MAX_BYTES;
        hear(returned(Returned.MAX_BYTES + beyond - others));
        assertMalformed(beyond);
        assertThat(scene.reasons(1 - beyond)).hasSize(1 - beyond);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFailureOfARequestIsReadUpToItsLimit(int beyond) {
        CompletableFuture<Long> answer = ask();
        long port = sent.envelopes.getFirst().replyPort();
        int others = failed(port, 1000).length - 1000;
        hear(failed(port, News.SHORT_MAX_BYTES + beyond - others));
        assertMalformed(beyond);
        assertFails(answer, beyond == 0);
    }

    /// On a thread of the dispatcher.
    private static void assertFails(CompletableFuture<Long> answer, boolean does) {
        if (does) {
            assertThat(answer).failsWithin(PATIENCE);
        } else {
            assertThat(answer).isNotDone();
        }
    }

    private byte[] failed(long port, int chars) {
        return news(
                RequestFailed.PORT,
                RequestFailed.TYPE,
                out -> {
                    out.writeLong(port);
                    out.writeString("x".repeat(chars));
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theEndOfAProcNamesNoMoreThanSoManyWhoHaveAsked(int beyond) {
        CompletableFuture<Long> answer = ask();
        int asked = ProcDied.ASKED_MAX + beyond;
        hear(
                news(
                        ProcDied.PORT,
                        ProcDied.TYPE,
                        out -> {
                            Protocols.of(ProcId.class).write(out, REACHED.proc());
                            out.writeVarint(asked);
                            for (int i = 0; i < asked; i++) {
                                Protocols.of(ProcDied.Asked.class)
                                        .write(out, new ProcDied.Asked(scene.client.id(), 0, 9));
                            }
                        }));
        assertMalformed(beyond);
        assertFails(answer, beyond == 0);
    }

    private static <T> int bytes(MessageType<T> type, T news) {
        Address longest = Address.of(LONGEST);
        return ObjectEnvelope.news(longest, longest, Returned.PORT, 1, news, type).toBytes().length;
    }

    @Test
    void noHonestNewsIsOverItsLimit() {
        assertThat(bytes(Hold.TYPE, new Hold(LONGEST, true, true)))
                .isLessThanOrEqualTo(News.SHORT_MAX_BYTES);
        assertThat(bytes(InDoubt.TYPE, new InDoubt(LONGEST, 1, 1, 1)))
                .isLessThanOrEqualTo(News.SHORT_MAX_BYTES);
        assertThat(bytes(RequestFailed.TYPE, new RequestFailed(1, LONG_TEXT)))
                .isLessThanOrEqualTo(News.SHORT_MAX_BYTES);
        ProcDied.Asked asked = new ProcDied.Asked(LONGEST, 1, 1);
        assertThat(
                        bytes(
                                ProcDied.TYPE,
                                new ProcDied(
                                        LONGEST.proc(),
                                        Collections.nCopies(ProcDied.ASKED_MAX, asked))))
                .isLessThanOrEqualTo(ProcDied.MAX_BYTES);
        Handled.Mark mark = new Handled.Mark(LONGEST, 1, LONGEST, 1);
        assertThat(bytes(Handled.TYPE, new Handled(Collections.nCopies(1000, mark))))
                .isLessThanOrEqualTo(Handled.MAX_BYTES);
    }

    private static byte[] message(int payload) {
        return Net.frame(
                1,
                9,
                Envelope.PINNED | Envelope.REQUEST,
                1,
                1,
                LONGEST.toString(),
                LONGEST.toString(),
                out -> out.writeRaw(new byte[payload], 0, payload));
    }

    @Test
    void theLongestMessageThatGoesBackWholeIsNotOverTheLimit() {
        List<Returned> back = new ArrayList<>();
        Home home =
                Home.of(
                        new Net.Nowhere() {
                            @Override
                            public boolean offer(Envelope news) {
                                return back.add((Returned) news.message(Returned.TYPE));
                            }
                        });
        for (int beyond : new int[] {0, 1}) {
            byte[] frame = message(Returned.PAYLOAD_MAX_BYTES + beyond);
            WireEnvelope.parse(frame, 0, frame.length, home)
                    .undeliverable(Reason.REFUSED, LONG_TEXT);
        }
        assertThat(back.getFirst().envelope()).isEqualTo(message(Returned.PAYLOAD_MAX_BYTES));
        assertThat(back.getLast().envelope()).isEqualTo(message(0));
        assertThat(bytes(Returned.TYPE, back.getFirst())).isLessThanOrEqualTo(Returned.MAX_BYTES);
    }

    @Test
    void aTextThatIsCutCanBeSentAllTheSame() {
        for (String start : List.of("", "x")) {
            String pairs = start + "\uD83D\uDE00".repeat(5000);
            assertThat(bytes(RequestFailed.TYPE, new RequestFailed(1, pairs)))
                    .isLessThanOrEqualTo(News.SHORT_MAX_BYTES);
        }
    }
}
