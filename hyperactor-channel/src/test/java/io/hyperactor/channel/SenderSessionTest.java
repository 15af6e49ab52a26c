package io.hyperactor.channel;

import static io.hyperactor.channel.Frames.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hyperactor.wire.ChannelAddress;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

final class SenderSessionTest {
    private static final ChannelAddress ADDRESS = new ChannelAddress.Local(1);

    private final BytePool pool = new BytePool(8 << 20);
    private final LinkBytes memory = new LinkBytes(Long.MAX_VALUE);

    private SenderSession session(int windowBytes, int windowFrames) {
        return new SenderSession(
                new FrameWriter(ADDRESS, pool, memory, 1 << 20), pool, windowBytes, windowFrames);
    }

    private static void offer(SenderSession session, String... texts) {
        for (String text : texts) {
            session.offer(Frames.text(text));
        }
    }

    private record Left(String text, boolean written) {}

    private static List<Left> left(SenderSession session, boolean refused, int doubtful) {
        List<Left> left = new ArrayList<>();
        session.forEachUnacknowledged(
                refused,
                doubtful,
                (buffer, offset, length, written) ->
                        left.add(new Left(new String(buffer, offset, length, UTF_8), written)));
        return left;
    }

    @Test
    void framesCarryTheirLengthKindAndNumber() {
        SenderSession session = session(1000, 10);
        assertThat(session.offer(Frames.text("ab"))).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(session.offer(Frames.text(""))).isEqualTo(SenderSession.Offer.TAKEN);

        assertThat(write(session, 1000))
                .containsExactly(
                        0, 0, 0, 11, 1, 0, 0, 0, 0, 0, 0, 0, 1, 'a', 'b', 0, 0, 0, 9, 1, 0, 0, 0, 0,
                        0, 0, 0, 2);
        assertThat(write(session, 1000)).isEmpty();
        assertThat(session.lastSequence()).isEqualTo(2);
    }

    @Test
    void whatIsWrittenAgainIsNotWrittenForTheFirstTime() {
        SenderSession session = session(1 << 20, 100);
        session.offer(Frames.bytes(new byte[60_000])); // each in a chunk of its own
        session.offer(Frames.bytes(new byte[60_000]));
        assertThat(session.gather(new ByteBuffer[3], 0, 70_000)).isEqualTo(2);
        assertThat(session.written(0)).isFalse();
        assertThat(session.written(70_000)).isTrue();
        session.rewind(0);
        assertThat(session.written(60_013)).isFalse();
        assertThat(session.written(70_000 - 60_013)).isFalse();
        assertThat(session.written(1)).isTrue();
    }

    @Test
    void anAcknowledgementMayNeitherGoBackNorAhead() {
        SenderSession session = session(1000, 10);
        for (int i = 0; i < 3; i++) {
            session.offer(Frames.number(i));
        }
        write(session, 1000);
        assertThat(session.acknowledged(2)).isNull();
        assertThat(session.acknowledged(2)).isNull();
        assertThat(session.acknowledged(1)).contains("went back from 2 to 1");
        assertThat(session.acknowledged(4))
                .contains("frame 4 acknowledged")
                .contains("last one sent is 3");
        assertThat(session.acknowledged(-1)).isNotNull();
        assertThat(session.acknowledged(Long.MIN_VALUE)).isNotNull();
        assertThat(session.acknowledged(Long.MAX_VALUE)).isNotNull();
        assertThat(session.acknowledged(3)).isNull();
        assertThat(left(session, false, 0)).isEmpty();
    }

    @Test
    void anAcknowledgementBeforeTheWriteIsDoneFreesNothingThatIsBeingWritten() {
        SenderSession session = session(1 << 20, 1000);
        for (int i = 0; i < 5; i++) { // each in a chunk of its own
            session.offer(Frames.bytes(new byte[60_000]));
        }
        ByteBuffer[] views = new ByteBuffer[8];
        int count = session.gather(views, 0, 1 << 20);
        assertThat(session.acknowledged(5)).isNull();

        assertThat(pool.poll(1, Integer.MAX_VALUE))
                .as("an array given back while it is written")
                .isNull();
        int total = 0;
        for (int i = 0; i < count; i++) {
            total += views[i].remaining();
        }
        session.written(total);
        assertThat(total).isEqualTo(5 * (60_000 + Protocol.DATA_HEADER));
        session.offer(Frames.number(6));
        write(session, 1000);
        session.acknowledged(6);
        assertThat(pool.poll(1, Integer.MAX_VALUE)).isNotNull();
    }

    @Test
    void ofAFrameCutInTheMiddleItIsSureThatItDidNotArrive() {
        SenderSession session = session(1000, 10);
        offer(session, "one", "two", "three", "four");
        write(session, 16 + 16 + 17); // one, two, and all of three but its last byte
        session.acknowledged(1);
        assertThat(left(session, false, 0))
                .containsExactly(
                        new Left("two", true), new Left("three", false), new Left("four", false));
        write(session, 1);
        assertThat(left(session, false, 0))
                .containsExactly(
                        new Left("two", true), new Left("three", true), new Left("four", false));
    }

    @Test
    void whatTheReceiverRefusedDidNotArriveSaveTheDoubtful() {
        SenderSession session = session(1000, 10);
        offer(session, "one", "two", "three");
        write(session, 1000);
        assertThat(left(session, true, 0))
                .extracting(Left::written)
                .containsExactly(false, false, false);
        assertThat(left(session, true, 1))
                .extracting(Left::written)
                .containsExactly(true, false, false);
    }

    @Test
    void aBodyThatThrowsTakesNothing() {
        SenderSession session = session(1 << 20, 10);
        session.offer(Frames.text("one"));
        for (int size : new int[] {0, 10, 100_000}) {
            assertThatThrownBy(() ->
                            session.offer(out -> {
                                out.writeRaw(new byte[size], 0, size);
                                throw new IllegalStateException("planned");
                            }))
                    .hasMessage("planned");
            assertThat(session.lastSequence()).isEqualTo(1);
        }
        session.offer(Frames.text("two"));
        assertThat(left(session, false, 0)).extracting(Left::text).containsExactly("one", "two");
        assertThat(write(session, 1 << 20)).hasSize(32);
    }

    @Test
    void positionsABodyTookStayGoodWhenItsFrameMoves() {
        SenderSession session = session(1 << 20, 10);
        session.offer(Frames.bytes(new byte[40_000]));
        session.offer(out -> {
            int at = out.position();
            out.writeInt(0);
            for (int i = 0; i < 300_000; i++) {
                out.writeByte(7);
            }
            int end = out.position();
            out.position(at);
            out.writeInt(end - at - 4);
            out.position(end);
        });
        byte[] all = write(session, 1 << 20);
        int at = 40_000 + 2 * Protocol.DATA_HEADER;
        assertThat(ByteBuffer.wrap(all).getInt(at)).isEqualTo(300_000);
        assertThat(all).hasSize(at + 300_004).endsWith(7, 7, 7);
    }

    @Test
    void askingForAnAcknowledgementAddsOneFrameAndOnlyIfThereIsAnythingToAcknowledge() {
        SenderSession session = session(1000, 10);
        session.askForAck();
        assertThat(write(session, 1000)).isEmpty();
        session.offer(Frames.text(""));
        session.askForAck();
        session.askForAck();
        assertThat(write(session, 1000)).hasSize(13 + 5).endsWith(0, 0, 0, 1, 2);
        session.acknowledged(1);
        session.askForAck();
        assertThat(write(session, 1000)).isEmpty();
        session.offer(Frames.text("next"));
        assertThat(left(session, false, 0)).extracting(Left::text).containsExactly("next");
    }

    @Test
    void afterARewindFramesAreWrittenAgainWholeAndInDoubtIfTheyEverWere() {
        SenderSession session = session(1 << 20, 100);
        offer(session, "one", "two", "three", "four");
        byte[] all = write(session, 16 + 16 + 18 + 5); // and some of four
        assertThat(session.acknowledged(1)).isNull();
        session.rewind(1);
        assertThat(left(session, false, 0))
                .containsExactly(
                        new Left("two", true), new Left("three", true), new Left("four", false));
        byte[] again = write(session, 16 + 3);
        assertThat(again).isEqualTo(Arrays.copyOfRange(all, 16, 16 + 19));
        session.rewind(3);
        assertThat(write(session, 1000)).hasSize(17).endsWith('f', 'o', 'u', 'r');
        assertThat(session.acknowledged(4)).isNull();
    }

    @Test
    void aRewindCrossesChunksAndWhatIsOfferedLaterFollows() {
        SenderSession session = session(1 << 20, 1000);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < 5; i++) {
            session.offer(Frames.bytes(new byte[40_000]));
            session.askForAck();
        }
        write(session, 150_000);
        assertThat(session.acknowledged(1)).isNull();
        session.rewind(2);
        session.offer(Frames.text("last"));
        for (byte[] some = write(session, 70_000); some.length > 0; some = write(session, 70_000)) {
            expected.writeBytes(some);
        }
        int frame = 40_000 + Protocol.DATA_HEADER;
        assertThat(expected.size()).isBetween(3 * frame + 17, 3 * frame + 17 + 4 * 5);
        assertThat(expected.toByteArray()).endsWith('l', 'a', 's', 't');
        assertThat(session.acknowledged(6)).isNull();
    }

    @Test
    void aRefusedFrameComesBackAloneAndAllBeforeItAreAcknowledged() {
        SenderSession session = session(1 << 20, 100);
        for (String text : List.of("one", "two", "three")) {
            session.offer(Frames.text(text));
            session.askForAck();
        }
        write(session, 1000);
        List<String> back = new ArrayList<>();
        assertThat(
                        session.refused(
                                2,
                                (bytes, at, length, written) ->
                                        back.add(new String(bytes, at, length, UTF_8) + written)))
                .isNull();
        assertThat(back).containsExactly("twofalse");
        assertThat(session.acknowledged()).isEqualTo(2);
        assertThat(session.refused(2, (_, _, _, _) -> back.clear())).contains("2");
        assertThat(session.refused(4, (_, _, _, _) -> back.clear())).contains("4");
        assertThat(back).hasSize(1);
    }

    @RepeatedTest(20)
    void whateverIsOfferedWrittenAndAcknowledgedTheAccountsAreRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int windowBytes = 1 + random.nextInt(1 << 20);
        int windowFrames = 1 + random.nextInt(500);
        SenderSession session = session(windowBytes, windowFrames);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        List<Integer> ends = new ArrayList<>(); // of frame n at n - 1
        List<Integer> lengths = new ArrayList<>();
        int acknowledged = 0;
        for (int step = 0; step < 3000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    byte[] body =
                            Frames.random(
                                    random,
                                    random.nextInt(
                                            1
                                                    << random.nextInt(
                                                            random.nextInt(10) == 0 ? 19 : 10)));
                    int length = Protocol.DATA_HEADER + body.length;
                    long held =
                            lengths.subList(acknowledged, lengths.size()).stream()
                                    .mapToLong(l -> l)
                                    .sum();
                    boolean fits =
                            lengths.size() == acknowledged
                                    || (lengths.size() - acknowledged < windowFrames
                                            && held + length <= windowBytes);
                    assertThat(session.offer(Frames.bytes(body)))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(
                                    fits ? SenderSession.Offer.TAKEN : SenderSession.Offer.NO_ROOM);
                    if (fits) {
                        expected.writeBytes(
                                ByteBuffer.allocate(Protocol.DATA_HEADER)
                                        .putInt(length - 4)
                                        .put(Protocol.DATA)
                                        .putLong(lengths.size() + 1)
                                        .array());
                        expected.writeBytes(body);
                        ends.add(expected.size());
                        lengths.add(length);
                    }
                }
                case 2 ->
                        written.writeBytes(
                                write(session, 1 + random.nextInt(1 << random.nextInt(20))));
                default -> {
                    int sent = (int) ends.stream().filter(end -> end <= written.size()).count();
                    acknowledged += random.nextInt(sent - acknowledged + 1);
                    assertThat(session.acknowledged(acknowledged)).as("seed %d", seed).isNull();
                }
            }
        }
        List<Boolean> flags = new ArrayList<>();
        List<Integer> bodies = new ArrayList<>();
        session.forEachUnacknowledged(
                false,
                0,
                (buffer, offset, length, sent) -> {
                    flags.add(sent);
                    bodies.add(length + Protocol.DATA_HEADER);
                });
        assertThat(bodies)
                .as("seed %d", seed)
                .isEqualTo(lengths.subList(acknowledged, lengths.size()));
        assertThat(flags)
                .as("seed %d", seed)
                .isEqualTo(
                        ends.subList(acknowledged, ends.size()).stream()
                                .map(end -> end <= written.size())
                                .toList());
        for (byte[] rest = write(session, 1 << 20);
                rest.length > 0;
                rest = write(session, 1 << 20)) {
            written.writeBytes(rest);
        }
        assertThat(written.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
        session.discard();
        assertThat(memory.held()).as("seed %d", seed).isZero();
        List<Integer> kept = new ArrayList<>();
        session.forEachUnacknowledged(false, 0, (_, _, length, _) -> kept.add(length));
        assertThat(kept).as("seed %d", seed).isEmpty();
    }
}
