package io.hyperactor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

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
    private Random pauses;
    private final FrameSplitter splitter = splitter(false);

    private FrameSplitter splitter(boolean prologue) {
        return new FrameSplitter(
                new FrameSplitter.Sink() {
                    @Override
                    public int prologue(byte[] bytes, int from, int end) {
                        return end - from < 7 ? 0 : 7;
                    }

                    @Override
                    public boolean frame(byte[] bytes, int from, int length) {
                        if (pauses != null && pauses.nextInt(3) == 0) {
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
                },
                pool,
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
}
