package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

final class FrameSplitterTest {
    private static final int MAX = 1 << 20;

    private final ByteBuffer shared = ByteBuffer.allocate(EventLoop.BUFFER_BYTES);
    private final BytePool pool = new BytePool(8 << 20);
    private final List<byte[]> frames = new ArrayList<>();
    private boolean drops;
    private final List<Long> dropped = new ArrayList<>();
    private final List<Long> badLengths = new ArrayList<>();
    private final List<Long> crowdedOut = new ArrayList<>();
    private boolean goesOn = true;
    private boolean fails;
    private Random pauses;
    private boolean full;
    private final FrameSplitter splitter = splitter(false);

    private FrameSplitter splitter(boolean prologue) {
        return splitter(prologue, ArrivingBytes.unbounded());
    }

    private FrameSplitter splitter(boolean prologue, ArrivingBytes memory) {
        return new FrameSplitter(
                new FrameSplitter.Sink() {
                    @Override
                    public int prologue(byte[] bytes, int from, int end) {
                        return end - from < 7 ? 0 : 7;
                    }

                    @Override
                    public boolean frame(byte[] bytes, int from, int length) {
                        if (full || (pauses != null && pauses.nextInt(3) == 0)) {
                            return false;
                        }
                        frames.add(Arrays.copyOfRange(bytes, from, from + length));
                        return true;
                    }

                    @Override
                    public boolean oversized(byte[] bytes, int from, long length) {
                        if (drops) {
                            dropped.add(Protocol.int64(bytes, from));
                        }
                        return drops;
                    }

                    @Override
                    public void badLength(long length) {
                        badLengths.add(length);
                    }

                    @Override
                    public boolean crowdedOut(byte[] bytes, int from, long length) {
                        crowdedOut.add(Protocol.int64(bytes, from));
                        if (fails) {
                            throw new IllegalStateException("planned");
                        }
                        return goesOn;
                    }
                },
                pool,
                memory,
                MAX,
                prologue);
    }

    /// Feeds at most `most` bytes as one read would; returns how many it took.
    private int feed(FrameSplitter into, byte[] stream, int from, int most) {
        ByteBuffer target = into.target(shared);
        if (from % 3 == 0) {
            target = into.target(shared); // the read brought nothing
        }
        int length = Math.min(Math.min(target.remaining(), most), stream.length - from);
        target.put(stream, from, length);
        for (boolean more = into.received(target);
                !more && badLengths.isEmpty();
                more = into.again()) {
            Arrays.fill(shared.array(), (byte) 0x55); // others read meanwhile
        }
        Arrays.fill(shared.array(), (byte) 0x55);
        return length;
    }

    private void feedAll(byte[] stream) {
        for (int at = 0; at < stream.length; ) {
            at += feed(splitter, stream, at, Integer.MAX_VALUE);
        }
    }

    private static byte[] frame(byte[] rest) {
        return ByteBuffer.allocate(4 + rest.length).putInt(rest.length).put(rest).array();
    }

    @RepeatedTest(20)
    void howeverTheStreamIsCutTheFramesAreTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        pauses = random.nextBoolean() ? random : null;
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] rest =
                    Frames.random(
                            random,
                            1
                                    + random.nextInt(
                                                    1
                                                            << random.nextInt(
                                                                    random.nextInt(20) == 0
                                                                            ? 21
                                                                            : 12))
                                            % MAX);
            sent.add(rest);
            stream.writeBytes(frame(rest));
        }
        byte[] bytes = stream.toByteArray();
        for (int at = 0; at < bytes.length; ) {
            at += feed(splitter, bytes, at, 1 + random.nextInt(1 << random.nextInt(20)));
        }
        assertThat(frames)
                .as("seed %d", seed)
                .usingElementComparator(Arrays::compare)
                .isEqualTo(sent);
        assertThat(splitter.inFrame()).isFalse();
    }

    @Test
    void oneByteAtATime() {
        byte[] bytes = frame("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (int i = 0; i < bytes.length; i++) {
            assertThat(frames).isEmpty();
            assertThat(splitter.inFrame()).isEqualTo(i > 0);
            feed(splitter, bytes, i, 1);
        }
        assertThat(frames).hasSize(1);
        assertThat(splitter.inFrame()).isFalse();
    }

    @Test
    void thePrologueComesFirstInHoweverManyPieces() {
        FrameSplitter withPrologue = splitter(true);
        byte[] frame = frame(new byte[] {1, 2});
        byte[] bytes = new byte[7 + frame.length];
        System.arraycopy(frame, 0, bytes, 7, frame.length);
        for (int i = 0; i < bytes.length; i++) {
            feed(withPrologue, bytes, i, 1);
        }
        assertThat(frames).containsExactly(new byte[] {1, 2});
    }

    @Test
    void theLongestFrameIsTakenAndALongerOneIsNot() {
        feedAll(frame(new byte[MAX]));
        assertThat(frames).hasSize(1);
        assertThat(badLengths).isEmpty();
        byte[] longer = ByteBuffer.allocate(Protocol.DATA_HEADER).putInt(MAX + 1).array();
        feed(splitter, longer, 0, longer.length);
        assertThat(badLengths).containsExactly(MAX + 1L);
        assertThat(frames).hasSize(1);
    }

    @Test
    void aFrameThatIsTooLongIsDroppedInWhateverPiecesIfTheSinkWantsIt() {
        drops = true;
        ByteBuffer stream = ByteBuffer.allocate(3 * MAX);
        stream.put(frame(new byte[] {1}));
        stream.putInt(2 * MAX).putLong(0x0102030405060708L);
        stream.position(stream.position() + 2 * MAX - 8);
        stream.put(frame(new byte[] {2}));
        byte[] bytes = Arrays.copyOf(stream.array(), stream.position());
        for (int piece : new int[] {997, 4096, Integer.MAX_VALUE}) {
            frames.clear();
            dropped.clear();
            for (int at = 0; at < bytes.length; ) {
                at += feed(splitter, bytes, at, piece);
            }
            assertThat(frames).containsExactly(new byte[] {1}, new byte[] {2});
            assertThat(dropped).containsExactly(0x0102030405060708L);
        }
        assertThat(badLengths).isEmpty();
    }

    @Test
    void lengthsOfZeroAndOfGibibytesAreBad() {
        feed(splitter, new byte[] {0, 0, 0, 0}, 0, 4);
        badLengths.clear();
        FrameSplitter other = splitter(false);
        feed(other, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff}, 0, 4);
        assertThat(badLengths).containsExactly(0xffffffffL);
        assertThat(frames).isEmpty();
    }

    @Test
    void memoryGrowsWithWhatArrivedAndNotWithWhatIsClaimed() {
        byte[] claim = ByteBuffer.allocate(4).putInt(MAX).array();
        feed(splitter, claim, 0, 4);
        long arrived = 4;
        byte[] piece = new byte[10_000];
        for (int i = 0; i < 50; i++) {
            ByteBuffer target = splitter.target(shared);
            assertThat((long) target.capacity())
                    .isLessThanOrEqualTo(Math.max(64 * 1024, 2 * arrived));
            int length = Math.min(piece.length, target.remaining());
            target.put(piece, 0, length);
            splitter.received(target);
            arrived += length;
        }
        assertThat(arrived).isGreaterThan(300_000);
    }

    @Test
    void largeFramesShareAnArrayOneAfterTheOther() {
        byte[] frame = frame(new byte[MAX - 1]);
        for (int i = 0; i < 3; i++) {
            feedAll(frame);
        }
        byte[] array = pool.poll(frame.length, Integer.MAX_VALUE);
        assertThat(array).isNotNull();
        assertThat(pool.poll(frame.length, Integer.MAX_VALUE)).as("a second one").isNull();
    }

    /// Of a frame of `length` bytes that begins with `number`.
    private static byte[] numbered(int length, long number) {
        return frame(ByteBuffer.allocate(length).putLong(number).array());
    }

    private static void feedPart(FrameSplitter into, byte[] stream, int from, int to) {
        ByteBuffer shared = ByteBuffer.allocate(EventLoop.BUFFER_BYTES);
        for (int at = from; at < to; ) {
            ByteBuffer target = into.target(shared);
            int length = Math.min(target.remaining(), to - at);
            target.put(stream, at, length);
            boolean _ = into.received(target);
            at += length;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theBoundOfWhatArrivesIsExactAndOneFrameIsGivenUpForIt(int beyond) {
        byte[] stream = numbered(200_000, 7);
        int there = 100_100; // so its array has all 200,004
        ArrivingBytes memory = new ArrivingBytes(2L * stream.length + beyond);
        FrameSplitter one = splitter(false, memory);
        FrameSplitter two = splitter(false, memory);
        feedPart(one, stream, 0, there);
        feedPart(two, stream, 0, there);
        assertThat(crowdedOut).hasSize(beyond < 0 ? 1 : 0);
        assertThat(memory.sum()).isEqualTo((beyond < 0 ? 1L : 2L) * stream.length);

        feedPart(one, stream, there, stream.length);
        feedPart(two, stream, there, stream.length);
        feedPart(two, frame(new byte[] {1, 2}), 0, 6);
        assertThat(frames).hasSize(beyond < 0 ? 2 : 3);
        assertThat(frames.getLast()).as("what follows").containsExactly(1, 2);
        assertThat(memory.sum()).isZero();
    }

    @Test
    void whoHoldsMoreIsCrowdedOutWhereverItIsCut() {
        byte[] large = numbered(MAX, 7);
        byte[] small = numbered(150_000, 8);
        for (int cut = 66_000; cut < large.length; cut += 66_000) {
            ArrivingBytes memory = new ArrivingBytes(small.length + 1);
            FrameSplitter greedy = splitter(false, memory);
            FrameSplitter modest = splitter(false, memory);
            feedPart(greedy, large, 0, cut);
            feedPart(modest, small, 0, small.length - 1);
            boolean tooMuch = cut > 66_000; // then its array is the longer one
            assertThat(crowdedOut).containsExactly(tooMuch ? 7L : 8L);
            feedPart(modest, small, small.length - 1, small.length);
            feedPart(greedy, large, cut, large.length);
            assertThat(frames.getFirst()).hasSize(tooMuch ? 150_000 : MAX);
            assertThat(frames).hasSize(1);
            assertThat(memory.sum()).isZero();
            crowdedOut.clear();
            frames.clear();
        }
    }

    @Test
    void smallFramesDoNotCount() {
        ArrivingBytes memory = new ArrivingBytes(1);
        List<FrameSplitter> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            FrameSplitter one = splitter(false, memory);
            feedPart(one, numbered(64 * 1024, i), 0, 60_000);
            many.add(one);
        }
        assertThat(memory.sum()).isZero();
        for (int i = 0; i < 10; i++) {
            feedPart(many.get(i), numbered(64 * 1024, i), 60_000, 64 * 1024 + 4);
        }
        assertThat(frames).hasSize(10);
        assertThat(crowdedOut).isEmpty();
    }

    @Test
    void aClaimHoldsNothing() {
        ArrivingBytes memory = new ArrivingBytes(4 * MAX);
        pool.give(new byte[MAX + 4]); // which the frame would fit into
        feedPart(splitter(false, memory), numbered(MAX, 7), 0, Protocol.DATA_HEADER - 1);
        assertThat(memory.sum()).isZero();
    }

    @Test
    void whoWantsNothingMoreIsToldNothingMore() {
        goesOn = false;
        ArrivingBytes memory = new ArrivingBytes(1);
        FrameSplitter modest = splitter(false, memory);
        FrameSplitter greedy = splitter(false, memory);
        byte[] large = numbered(MAX, 7);
        feedPart(greedy, large, 0, 200_000);
        feedPart(modest, numbered(100_000, 8), 0, 99_000);
        assertThat(crowdedOut).containsExactly(7L);
        feedPart(greedy, large, 200_000, large.length);
        feedPart(greedy, frame(new byte[] {1}), 0, 5);
        assertThat(greedy.again()).isFalse();
        assertThat(frames).isEmpty();
        modest.end();
        assertThat(memory.sum()).isZero();
    }

    /// What waits because the sink wants no more counts, and is lost as a whole.
    @Test
    void whatWaitsForTheSinkGivesWayToo() {
        goesOn = false;
        full = true;
        ArrivingBytes memory = new ArrivingBytes(1);
        FrameSplitter waits = splitter(false, memory);
        feedPart(waits, numbered(500_000, 7), 0, 500_004);
        assertThat(memory.sum()).isPositive();
        FrameSplitter modest = splitter(false, memory);
        feedPart(modest, numbered(100_000, 8), 0, 99_000);
        assertThat(crowdedOut).containsExactly(7L);
        full = false;
        assertThat(waits.again()).isFalse();
        assertThat(frames).isEmpty();
    }

    private static byte[] both(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }

    /// Of a frame of which too little is there to be given up, nothing may count.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 12, 13, 60_000})
    void theBeginningOfTheNextFrameDoesNotKeepTheArrayOfTheLastOne(int beginning) {
        byte[] first = numbered(80_000, 7);
        byte[] stream = both(first, numbered(80_000, 9));
        ArrivingBytes memory = new ArrivingBytes(MAX);
        FrameSplitter one = splitter(false, memory);
        feedPart(one, stream, 0, 70_000);
        assertThat(memory.sum()).isPositive();
        feedPart(one, stream, 70_000, first.length + beginning);
        assertThat(memory.sum()).isZero();
        feedPart(one, stream, first.length + beginning, stream.length);
        assertThat(frames).containsExactly(tail(first), tail(numbered(80_000, 9)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 12, 13, 60_000})
    void norDoesItAfterThePauseOfASinkThatWantedNoMore(int beginning) {
        byte[] first = numbered(80_000, 7);
        byte[] stream = both(first, numbered(80_000, 9));
        ArrivingBytes memory = new ArrivingBytes(MAX);
        FrameSplitter one = splitter(false, memory);
        full = true;
        feedPart(one, stream, 0, first.length + beginning);
        assertThat(memory.sum()).isPositive();
        full = false;
        assertThat(one.again()).isTrue();
        assertThat(memory.sum()).isZero();
        feedPart(one, stream, first.length + beginning, stream.length);
        assertThat(frames).containsExactly(tail(first), tail(numbered(80_000, 9)));
    }

    private static byte[] tail(byte[] frame) {
        return Arrays.copyOfRange(frame, 4, frame.length);
    }

    /// What comes behind the half of a frame is no frame.
    @Test
    void aSinkThatFailsWhenItIsCrowdedOutIsToldNothingMore() {
        ArrivingBytes memory = new ArrivingBytes(1);
        FrameSplitter greedy = splitter(false, memory);
        byte[] large = numbered(MAX, 7);
        feedPart(greedy, large, 0, 200_000);
        fails = true;
        assertThatThrownBy(greedy::giveWay).isInstanceOf(IllegalStateException.class);
        byte[] evil = Arrays.copyOf(large, large.length);
        ByteBuffer.wrap(evil).putInt(300_000, 2);
        feedPart(greedy, evil, 300_000, evil.length);
        assertThat(frames).isEmpty();
        assertThat(memory.sum()).isZero();
    }

    @Test
    void whatEndsWhileItPassesOnHoldsNothing() {
        ArrivingBytes memory = new ArrivingBytes(MAX);
        FrameSplitter[] self = new FrameSplitter[1];
        FrameSplitter.Sink leaves =
                new FrameSplitter.Sink() {
                    @Override
                    public int prologue(byte[] bytes, int from, int end) {
                        return 0;
                    }

                    @Override
                    public boolean frame(byte[] bytes, int from, int length) {
                        self[0].end();
                        return false;
                    }

                    @Override
                    public void badLength(long length) {}
                };
        byte[] both = Arrays.copyOf(numbered(20, 1), 24 + 200_000); // much is behind the frame
        self[0] = new FrameSplitter(leaves, pool, memory, MAX, false);
        feedPart(self[0], both, 0, both.length);
        assertThat(memory.sum()).isZero();
        assertThat(self[0].inFrame()).isFalse();

        self[0] = new FrameSplitter(leaves, pool, memory, MAX, false);
        feedPart(self[0], numbered(MAX, 1), 0, MAX + 4);
        assertThat(memory.sum()).isZero();
        assertThat(self[0].inFrame()).isFalse();
    }
}
