package io.hyperactor.channel;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.WireWriter;

import org.jspecify.annotations.Nullable;

/// The offering side of a send buffer: encodes frames one behind the other into a list of [Chunk]s.
///
/// A frame that outgrows its chunk moves to a new one as a whole, to the same index: positions that
/// a body took from the writer stay good. The new chunk is linked when the frame is committed, so a
/// frame given up leaves no trace.
///
/// **Threads:** one at a time.
final class FrameWriter extends WireWriter {
    private static final int SMALLEST_FRAME = 64;
    private static final int STEP = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final ChannelAddress address;
    private final BytePool pool;
    private final LinkBytes memory;
    private int bodyMax;

    private Chunk tail;
    private byte @Nullable [] moved;

    // What the frame goes to if it has moved, and what follows behind it; from #prepare on.
    private @Nullable Chunk home;
    private @Nullable Chunk rest;

    private boolean grew;
    private int start;
    private int lastLength = SMALLEST_FRAME;

    /// @param memory counts what it takes
    FrameWriter(ChannelAddress address, BytePool pool, LinkBytes memory, int bodyMax) {
        this(address, pool, memory, bodyMax, empty(0)); // a link not used takes no memory
    }

    private FrameWriter(
            ChannelAddress address, BytePool pool, LinkBytes memory, int bodyMax, Chunk first) {
        super(first.bytes, 0);
        this.address = address;
        this.pool = pool;
        this.memory = memory;
        this.bodyMax = bodyMax;
        this.tail = first;
    }

    private static Chunk empty(long index) {
        return new Chunk(NOTHING, 0, index);
    }

    /// Lets go of all that was written, for the link has ended: the tail is an empty chunk then.
    void discard() {
        moved = null;
        home = null;
        rest = null;
        tail = empty(0);
        replace(NOTHING, 0);
    }

    LinkBytes memory() {
        return memory;
    }

    /// Is there memory for the chunk that the frame has come to need, if it has?
    ///
    /// @param leaving how much of it must be left then
    boolean hasMemory(long leaving) {
        byte[] elsewhere = moved;
        return elsewhere == null
                || memory.hasRoom(LinkBytes.growth(tail.bytes.length, elsewhere.length) + leaving);
    }

    /// The same for a frame of `length` bytes that is not begun; also true if it can not be told.
    boolean mayHaveMemory(int length, long leaving) {
        return length <= Chunk.BYTES
                || memory.hasRoom(LinkBytes.growth(tail.bytes.length, inSteps(length)) + leaving);
    }

    /// The chunk that the last committed frame is in.
    Chunk tail() {
        return tail;
    }

    /// Lowers the limit to what the peer takes.
    void bodyMaxAtMost(int limit) {
        bodyMax = Math.min(bodyMax, limit);
    }

    /// Starts a frame; its first `header` bytes are the caller's to fill.
    void begin(int header) {
        start = position();
        grew = false;
        // A frame as long as the last one would not fit: a little waste costs less than a move in
        // the middle of it.
        if (array().length - start < Math.min(lastLength, STEP)) {
            start = 0;
            // No longer one either: that would be sealed behind this frame.
            byte[] pooled = pool.poll(Chunk.BYTES, Chunk.BYTES);
            byte[] fresh = pooled == null ? new byte[Chunk.BYTES] : pooled;
            moved = fresh;
            replace(fresh, 0);
        }
        position(start + header);
    }

    /// The bytes of the frame so far, its header among them.
    int length() {
        return position() - start;
    }

    /// Where the frame starts in [#array()].
    int start() {
        return start;
    }

    /// Fails if a body of that length is too long.
    void checkBody(long length) {
        if (length > bodyMax) {
            throw new ChannelException.FrameTooLarge(address, length, bodyMax);
        }
    }

    /// Takes the memory that [#commit] needs: without it there is no frame yet.
    void prepare() {
        byte[] elsewhere = moved;
        if (elsewhere != null) {
            home = new Chunk(elsewhere, start, tail.index + 1);
            if (elsewhere.length > Chunk.BYTES) { // else a link at rest would keep it
                rest = empty(tail.index + 2);
            }
        }
    }

    /// Makes the frame the writing side's, after [#prepare]; does not fail. The highest sequence
    /// number up to here is `lastSequence`.
    void commit(long lastSequence) {
        int end = position();
        lastLength = Math.max(end - start, SMALLEST_FRAME);
        Chunk chunk = home;
        if (chunk == null) {
            tail.lastSequence = lastSequence;
            tail.committed = end;
            return;
        }
        moved = null;
        home = null;
        chunk.lastSequence = lastSequence;
        chunk.committed = end;
        append(chunk);
        Chunk behind = rest;
        if (behind != null) {
            rest = null;
            behind.lastSequence = lastSequence;
            append(behind);
            replace(behind.bytes, 0);
        }
    }

    private void append(Chunk chunk) {
        Chunk sealed = tail;
        memory.add(LinkBytes.growth(sealed.bytes.length, chunk.bytes.length));
        tail = chunk;
        sealed.next = chunk;
    }

    /// Takes the frame back.
    void rollback() {
        home = null;
        rest = null;
        if (moved != null) {
            pool.give(moved);
            moved = null;
        }
        replace(tail.bytes, tail.committed);
    }

    @Override
    protected void grow(int needed) {
        long length = (long) position() - start + needed;
        checkBody(length - Protocol.DATA_HEADER);
        long least = start + length;
        if (grew) { // a body written in small steps: copy it a logarithmic number of times
            least =
                    Math.max(
                            least,
                            Math.min(2 * least, (long) start + Protocol.DATA_HEADER + bodyMax));
        }
        byte[] larger = pool.take(inSteps(least));
        int position = position();
        System.arraycopy(array(), start, larger, start, position - start);
        if (moved != null) {
            pool.give(moved);
        }
        moved = larger;
        grew = true;
        replace(larger, position);
    }

    /// The length of an array for so many bytes.
    private static int inSteps(long bytes) {
        return Math.toIntExact((bytes + STEP - 1) / STEP * STEP);
    }
}
