package io.hyperactor.channel;

import static io.hyperactor.channel.Frames.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.WireWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/// What a link has room for, and what it holds meanwhile.
final class SenderRoomTest {
    private static final ChannelAddress ADDRESS = new ChannelAddress.Local(1);

    private final BytePool pool = new BytePool(8 << 20);
    private LinkBytes memory = new LinkBytes(Long.MAX_VALUE);

    private SenderSession session(int windowBytes, int windowFrames) {
        return new SenderSession(
                new FrameWriter(ADDRESS, pool, memory, 1 << 20), pool, windowBytes, windowFrames);
    }

    @Test
    void theWindowOfFramesIsExact() {
        SenderSession session = session(1 << 20, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(session.hasRoom()).isTrue();
            assertThat(session.offer(Frames.number(i))).isEqualTo(SenderSession.Offer.TAKEN);
        }
        assertThat(session.hasRoom()).isFalse();
        assertThat(session.offer(Frames.number(3))).isEqualTo(SenderSession.Offer.NO_ROOM);
        write(session, 1000);
        assertThat(session.acknowledged(1)).isNull();
        assertThat(session.offer(Frames.number(3))).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(session.offer(Frames.number(4))).isEqualTo(SenderSession.Offer.NO_ROOM);
    }

    @Test
    void theWindowOfBytesIsExactAndOneFrameAloneAlwaysFits() {
        SenderSession session = session(100, 1000); // a frame is its body and 13 bytes
        assertThat(session.offer(Frames.bytes(new byte[500]))).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(session.offer(Frames.bytes(new byte[0]))).isEqualTo(SenderSession.Offer.NO_ROOM);
        write(session, 1000);
        assertThat(session.acknowledged(1)).isNull();
        assertThat(session.offer(Frames.bytes(new byte[37]))).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(session.offer(Frames.bytes(new byte[38])))
                .isEqualTo(SenderSession.Offer.NO_ROOM);
        assertThat(session.offer(Frames.bytes(new byte[37]))).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(session.offer(Frames.bytes(new byte[0]))).isEqualTo(SenderSession.Offer.NO_ROOM);
    }

    @Test
    void theWindowIsTwiceAsLargeForWhatIsPassedOn() {
        SenderSession frames = session(1 << 20, 3);
        for (int i = 0; i < 6; i++) {
            assertThat(frames.passOn(Frames.number(i))).isEqualTo(SenderSession.Offer.TAKEN);
        }
        assertThat(frames.passOn(Frames.number(6))).isEqualTo(SenderSession.Offer.NO_ROOM);
        SenderSession bytes = session(100, 1000); // a frame is its body and 13 bytes
        for (int i = 0; i < 4; i++) {
            assertThat(bytes.passOn(Frames.bytes(new byte[37])))
                    .isEqualTo(SenderSession.Offer.TAKEN);
            assertThat(bytes.offer(Frames.bytes(new byte[88])))
                    .isEqualTo(SenderSession.Offer.NO_ROOM);
        }
        assertThat(bytes.passOn(Frames.bytes(new byte[0]))).isEqualTo(SenderSession.Offer.NO_ROOM);
    }

    /// Knows its length after it was written once.
    private static final class Counted implements FrameBody {
        final byte[] bytes;
        int writes;

        Counted(int length) {
            bytes = new byte[length];
        }

        @Override
        public void writeTo(WireWriter out) {
            writes++;
            out.writeRaw(bytes, 0, bytes.length);
        }
    }

    @Test
    void whatWasRefusedIsNotWrittenAgainBeforeTheWindowHasRoomForIt() {
        SenderSession session = session(200_000, 1000); // a frame is its body and 13 bytes
        Counted large = new Counted(100_000);
        FrameBody measured = new MeasuredBody(large);
        session.offer(Frames.bytes(new byte[50_000]));
        session.offer(Frames.bytes(new byte[50_000 - 3 * 13 + 1]));
        for (int i = 0; i < 100; i++) {
            assertThat(session.offer(measured)).isEqualTo(SenderSession.Offer.NO_ROOM);
        }
        assertThat(large.writes).isOne();
        assertThat(session.passOn(Frames.number(1))).isEqualTo(SenderSession.Offer.TAKEN);
        write(session, 1 << 20);
        assertThat(session.acknowledged(1)).isNull();
        assertThat(session.offer(measured)).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(large.writes).isEqualTo(2);
    }

    @Test
    void whatIsKnownToFitExactlyIsTaken() {
        SenderSession session = session(200_000, 1000);
        session.offer(Frames.bytes(new byte[100_000 - 2 * 13]));
        Counted large = new Counted(100_000);
        FrameBody measured = new MeasuredBody(large);
        measured.writeTo(new WireWriter(1));
        assertThat(session.offer(measured)).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(large.writes).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0})
    void whatIsKnownIsNotWrittenWithoutMemoryForIt(int beyond) {
        int large = 2 * 64 * 1024; // from the end of the first frame on
        memory = new LinkBytes(Chunk.BYTES + large + beyond);
        SenderSession session = session(1 << 20, 100);
        session.offer(Frames.number(1));
        Counted body = new Counted(large - 21 - 13);
        FrameBody measured = new MeasuredBody(body);
        measured.writeTo(new WireWriter(1));
        boolean fits = beyond == 0;
        assertThat(session.offer(measured))
                .isEqualTo(fits ? SenderSession.Offer.TAKEN : SenderSession.Offer.NO_ROOM);
        assertThat(body.writes).isEqualTo(fits ? 2 : 1);
    }

    @Test
    void whatIsKnownToBeTooLongFailsWhateverRoomThereIs() {
        SenderSession session = session(1 << 10, 100);
        session.offer(Frames.number(1));
        Counted body = new Counted((1 << 20) + 1);
        FrameBody measured = new MeasuredBody(body);
        measured.writeTo(new WireWriter(1));
        assertThatExceptionOfType(ChannelException.FrameTooLarge.class)
                .isThrownBy(() -> session.offer(measured));
        assertThat(body.writes).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void whatAllLinksHoldTogetherIsExactAndEachHasAChunkOfItsOwn(int beyond) {
        memory = new LinkBytes(Chunk.BYTES + beyond);
        SenderSession first = session(1 << 20, 100);
        SenderSession second = session(1 << 20, 100);
        FrameBody body = Frames.bytes(new byte[40_000]); // each has a chunk to itself
        assertThat(first.offer(body)).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(memory.held()).isZero();
        boolean fits = beyond >= 0;
        assertThat(first.offer(body))
                .isEqualTo(fits ? SenderSession.Offer.TAKEN : SenderSession.Offer.NO_ROOM);
        assertThat(memory.held()).isEqualTo(fits ? Chunk.BYTES : 0);
        assertThat(first.isCrowded()).isEqualTo(fits);
        assertThat(first.isRoomy()).isNotEqualTo(fits);

        assertThat(second.offer(Frames.number(1))).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(second.offer(Frames.number(2))).isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(second.offer(Frames.bytes(new byte[100_000])))
                .isEqualTo(SenderSession.Offer.NO_ROOM);
        write(second, 1000);
        assertThat(second.acknowledged(2)).isNull();
        assertThat(second.offer(Frames.bytes(new byte[100_000]))) // it is alone
                .isEqualTo(SenderSession.Offer.TAKEN);
        assertThat(memory.held()).isGreaterThan(Chunk.BYTES);

        first.discard();
        second.discard();
        assertThat(memory.held()).isZero();
    }

    /// Wherever in its chunk its frames are.
    @Test
    void whoHoldsLittleGoesOnWhenOthersHaveTakenAll() {
        memory = new LinkBytes(Chunk.BYTES);
        SenderSession greedy = session(1 << 20, 100);
        FrameBody large = Frames.bytes(new byte[60_000]);
        while (greedy.offer(large) == SenderSession.Offer.TAKEN) {
            // until nothing is left
        }
        SenderSession modest = session(1 << 20, 100);
        FrameBody small = Frames.bytes(new byte[1000]);
        for (int i = 1; i <= 1000; i++) {
            assertThat(modest.offer(small)).isEqualTo(SenderSession.Offer.TAKEN);
            write(modest, 10_000);
            assertThat(modest.acknowledged(i - 1)).isNull(); // one stays
        }
    }

    @Test
    void whatIsPassedOnLeavesHalfToTheOthers() {
        memory = new LinkBytes(20L * Chunk.BYTES);
        FrameBody body = Frames.bytes(new byte[60_000]); // in a chunk of its own
        SenderSession flooded = session(1 << 30, 1000);
        int taken = 0;
        while (flooded.passOn(body) == SenderSession.Offer.TAKEN) {
            taken++;
        }
        assertThat(taken).isBetween(10, 12);
        SenderSession other = session(1 << 30, 1000);
        int next = 0;
        while (other.passOn(body) == SenderSession.Offer.TAKEN) {
            next++;
        }
        assertThat(next).isBetween(4, 7);
    }

    @Test
    void aLinkAtRestHoldsNothingAlsoAfterALargeFrame() {
        SenderSession session = session(1 << 20, 100);
        long last = 0;
        for (int length : new int[] {300_000, 10, 60_000, 60_000, 200_000}) {
            session.offer(Frames.bytes(new byte[length]));
            write(session, 1 << 20);
            assertThat(write(session, 1)).isEmpty();
            assertThat(session.acknowledged(++last)).isNull();
            assertThat(memory.held()).as("after %d bytes", length).isZero();
        }
    }

    @Test
    void aLinkAtRestHoldsNothingAsSoonAsAllIsAcknowledged() {
        SenderSession session = session(1 << 20, 100);
        session.offer(Frames.bytes(new byte[300_000]));
        assertThat(write(session, 1 << 20)).hasSizeGreaterThan(300_000);
        assertThat(session.acknowledged(1)).isNull(); // before anybody asks for more to write
        assertThat(memory.held()).isZero();
    }

    @Test
    void whereALargeFrameWasSmallOnesShareAChunk() {
        SenderSession session = session(1 << 20, 1000);
        session.offer(Frames.bytes(new byte[100_000]));
        write(session, 1 << 20);
        assertThat(session.acknowledged(1)).isNull(); // its array is in the pool from now on
        for (int i = 0; i < 100; i++) {
            session.offer(Frames.number(i));
        }
        assertThat(session.gather(new ByteBuffer[10], 0, 1 << 20)).isEqualTo(1);
        assertThat(memory.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0})
    void aLargeFrameCountsAsAWholeBesideWhatIsThere(int beyond) {
        long large = 128 * 1024;
        memory = new LinkBytes(Chunk.BYTES + large + beyond);
        SenderSession session = session(1 << 20, 100);
        session.offer(Frames.number(1));
        assertThat(session.offer(Frames.bytes(new byte[100_000])))
                .isEqualTo(beyond < 0 ? SenderSession.Offer.NO_ROOM : SenderSession.Offer.TAKEN);
        assertThat(memory.held()).isEqualTo(beyond < 0 ? 0 : Chunk.BYTES + large);
    }

    @Test
    void aSteadyStreamReusesItsChunks() {
        SenderSession session = session(1 << 20, 100_000);
        FrameBody body = Frames.bytes(new byte[1000]);
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        ByteBuffer[] views = new ByteBuffer[64];
        for (int i = 1; i <= 100_000; i++) {
            session.offer(body);
            if (i % 500 == 0) {
                int count = session.gather(views, 0, Integer.MAX_VALUE);
                int bytes = 0;
                for (int v = 0; v < count; v++) {
                    bytes += views[v].remaining();
                    arrays.add(views[v].array());
                }
                session.written(bytes);
                session.acknowledged(i);
            }
        }
        assertThat(arrays).hasSizeLessThan(30); // 100 MB went through them
    }
}
