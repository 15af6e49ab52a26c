package io.hyperactor.channel;

import io.hyperactor.stress.Check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/// However a stream is cut into reads, and however often the sink pauses, the frames are those of
/// the stream: as a second, simple splitter finds them that has all of it at once.
///
/// | Bytes of the input | |
/// |---|---|
/// | 0 | 1: there is a hello in front; 2: the sink pauses; 4: the rest is not the stream but makes it ; 8: frames that are too long are dropped |
/// | 1 to 4 | seed of cuts and pauses |
/// | rest | the stream, or pieces of it: `n` below 128 and so many bytes; or `n`, a length of 16 bits and a byte that is repeated so often, times 16 |
public final class FrameSplitterFuzz {
    private static final int HELLO = 1;
    private static final int PAUSES = 2;
    private static final int RUNS = 4;
    private static final int DROPS = 8;
    private static final int HEADER = 5;
    private static final int FRAME_MAX = 300_000;
    private static final int DROPPED_MAX = Protocol.FRAME_BODY_MAX + Protocol.DATA_OVERHEAD;
    private static final int STREAM_MAX = 640_000;
    private static final long NO_BAD_LENGTH = -1;

    private FrameSplitterFuzz() {}

    /// What came out: each frame as its length and checksum, then the length that was bad.
    private record Cut(int prologue, List<Long> frames, long badLength) {}

    /// One input of the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < HEADER) {
            return;
        }
        int flags = input[0];
        long seed = ByteBuffer.wrap(input).getInt(1);
        byte[] stream = stream(input, (flags & RUNS) != 0);
        boolean hello = (flags & HELLO) != 0;
        boolean drops = (flags & DROPS) != 0;
        Cut expected = simply(stream, hello, drops);
        same(expected, new Collected(hello, drops, null).feed(stream, seed, 1 << 20));
        Random pauses = (flags & PAUSES) != 0 ? new Random(seed) : null;
        int most = stream.length < 4096 ? 1 << (seed & 7) : 1 << (10 + (seed & 7));
        same(expected, new Collected(hello, drops, pauses).feed(stream, seed, most));
    }

    private static void same(Cut expected, Cut actual) {
        Check.same(expected.prologue, actual.prologue, "hello");
        Check.same(expected.badLength, actual.badLength, "bad length");
        Check.same(expected.frames.size(), actual.frames.size(), "number of frames");
        Check.that(expected.frames.equals(actual.frames), "other frames");
    }

    private static byte[] stream(byte[] input, boolean runs) {
        if (!runs) {
            return Arrays.copyOfRange(input, HEADER, input.length);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = HEADER; at < input.length && out.size() < STREAM_MAX; ) {
            int n = input[at++];
            if (n >= 0) {
                int length = Math.min(n, input.length - at);
                out.write(input, at, length);
                at += length;
            } else if (input.length - at >= 3) {
                int length = (input[at] & 0xFF) * 4096 + (input[at + 1] & 0xFF) * 16;
                byte[] run = new byte[length];
                Arrays.fill(run, input[at + 2]);
                out.writeBytes(run);
                at += 3;
            } else {
                break;
            }
        }
        return out.toByteArray();
    }

    private static long summary(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (long) length << 32 | crc.getValue();
    }

    /// The splitter to compare with.
    private static Cut simply(byte[] stream, boolean hello, boolean drops) {
        List<Long> frames = new ArrayList<>();
        int prologue = hello ? prologue(stream, 0, stream.length) : 0;
        if (hello && prologue == 0) {
            return new Cut(0, frames, NO_BAD_LENGTH);
        }
        ByteBuffer in = ByteBuffer.wrap(stream).position(prologue);
        while (in.remaining() >= 4) {
            long length = Integer.toUnsignedLong(in.getInt());
            boolean isDroppable = length > FRAME_MAX && length <= DROPPED_MAX;
            if (isDroppable && in.remaining() < Protocol.DATA_OVERHEAD) {
                break; // who it is for is not known yet
            }
            if (isDroppable && drops) {
                frames.add(summary(stream, in.position(), Protocol.DATA_OVERHEAD));
                in.position((int) Math.min(in.limit(), in.position() + length));
                continue;
            }
            if (length == 0 || length > FRAME_MAX) {
                return new Cut(prologue, frames, length);
            }
            if (in.remaining() < length) {
                break;
            }
            frames.add(summary(stream, in.position(), (int) length));
            in.position(in.position() + (int) length);
        }
        return new Cut(prologue, frames, NO_BAD_LENGTH);
    }

    private static int prologue(byte[] bytes, int from, int end) {
        return Greeting.of(bytes, from, end) instanceof Greeting.Good good ? good.bytes() : 0;
    }

    private static final class Collected implements FrameSplitter.Sink {
        private final boolean hello;
        private final boolean drops;
        private final Random pauses;
        private final List<Long> frames = new ArrayList<>();
        private int prologue;
        private long badLength = NO_BAD_LENGTH;
        private boolean over;

        /// @param pauses decides when to want no more for now; null for never
        Collected(boolean hello, boolean drops, Random pauses) {
            this.hello = hello;
            this.drops = drops;
            this.pauses = pauses;
        }

        Cut feed(byte[] stream, long seed, int most) {
            FrameSplitter splitter =
                    new FrameSplitter(
                            this,
                            new BytePool(1 << 20),
                            ArrivingBytes.unbounded(),
                            FRAME_MAX,
                            hello);
            new Pieces(seed).feed(splitter, stream, most, () -> over);
            splitter.end();
            Check.that(!splitter.inFrame(), "something left at the end");
            return new Cut(prologue, frames, badLength);
        }

        @Override
        public int prologue(byte[] bytes, int from, int end) {
            Check.same(0, prologue, "hello came before");
            over = Greeting.of(bytes, from, end) instanceof Greeting.Refused;
            prologue = FrameSplitterFuzz.prologue(bytes, from, end);
            return prologue;
        }

        @Override
        public boolean frame(byte[] bytes, int from, int length) {
            Check.same(NO_BAD_LENGTH, badLength, "a frame after a bad length");
            if (pauses != null && pauses.nextInt(3) == 0) {
                return false;
            }
            frames.add(summary(bytes, from, length));
            return true;
        }

        @Override
        public boolean oversized(byte[] bytes, int from, long length) {
            Check.that(length > FRAME_MAX && length <= DROPPED_MAX, "dropped: " + length);
            if (drops) {
                frames.add(summary(bytes, from, Protocol.DATA_OVERHEAD));
            }
            return drops;
        }

        @Override
        public void badLength(long length) {
            Check.same(NO_BAD_LENGTH, badLength, "bad length told before");
            badLength = length;
            over = true;
        }
    }
}
