package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// The sending side of a session: gives frames their sequence numbers, keeps them until they are
/// acknowledged, and knows at any time what was written and what was not. The buffer to write from
/// and the buffer to keep are one.
///
/// It has no socket, no thread and no clock. Three sides may use it at the same time, each one
/// thread at a time: the *offering* side ([#offer], [#askForAck]), the *writing* side ([#gather],
/// [#written], [#peek], [#taken]) and the *acknowledging* side ([#acknowledged]). What all may read
/// is volatile.
final class SenderSession {
    /// What became of an offer.
    enum Offer {
        TAKEN,
        /// Fits the window only after more acknowledgements.
        NO_ROOM
    }

    private static final int PASSING_WINDOWS = 2;

    private final FrameWriter writer;
    private final BytePool pool;
    private final LinkBytes memory;
    private final long windowBytes;
    private final int windowFrames;

    // The offering side's, read by all.
    private volatile long lastSequence;
    private long
            offeredBytes; // the others may see an older value, so at worst more room than there is
    private long askedAt = -1;

    // The writing side's; read by the acknowledging side, which must not free what is being
    // written.
    private volatile Chunk writing;

    // The acknowledging side's: the first chunk not yet given back, and the first byte not
    // acknowledged.
    private Chunk oldest;
    private Chunk cursor;
    private int cursorAt;
    private volatile long acknowledged;
    private volatile long acknowledgedBytes;

    SenderSession(FrameWriter writer, BytePool pool, int windowBytes, int windowFrames) {
        this.writer = writer;
        this.pool = pool;
        this.memory = writer.memory();
        this.windowBytes = windowBytes;
        this.windowFrames = windowFrames;
        this.writing = writer.tail();
        this.oldest = writing;
        this.cursor = writing;
    }

    /// What is there unacknowledged at most, of a window of that size.
    static int most(int window) {
        return (int) Math.min((long) window * PASSING_WINDOWS, Integer.MAX_VALUE);
    }

    // ---- offering

    /// Takes a frame if the window has room for it, and all links together have memory. For one
    /// frame alone they always have. What the body throws leaves no trace.
    Offer offer(FrameBody body) {
        return offer(body, 1);
    }

    /// The same with twice the window: see [Tx#passOn].
    Offer passOn(FrameBody body) {
        return offer(body, PASSING_WINDOWS);
    }

    private Offer offer(FrameBody body, int windows) {
        long frames = (long) windowFrames * windows;
        long bytesMost = windowBytes * windows;
        long unacknowledged = unacknowledged();
        if (unacknowledged >= frames || (unacknowledged > 0 && outstandingBytes() >= bytesMost)) {
            return Offer.NO_ROOM;
        }
        FrameWriter out = writer;
        if (unacknowledged > 0 && !mayFit(body.lengthAtLeast(), windows)) {
            return Offer.NO_ROOM;
        }
        out.begin(Protocol.DATA_HEADER);
        boolean done = false;
        try {
            body.writeTo(out);
            int length = out.length();
            out.checkBody(length - Protocol.DATA_HEADER);
            if (unacknowledged > 0
                    && (outstandingBytes() + length > bytesMost
                            || !hasMemory(length, windows > 1))) {
                return Offer.NO_ROOM;
            }
            out.prepare(); // without memory the number is not used up
            long sequence = lastSequence + 1;
            byte[] bytes = out.array();
            int at = out.start();
            Protocol.int32(bytes, at, length - Protocol.LENGTH_BYTES);
            bytes[at + 4] = Protocol.DATA;
            Protocol.int64(bytes, at + 5, sequence);
            offeredBytes += length;
            lastSequence =
                    sequence; // before the commit: nobody can acknowledge what is not yet there
            out.commit(sequence);
            done = true;
            return Offer.TAKEN;
        } finally {
            if (!done) {
                out.rollback();
            }
        }
    }

    /// May a body of that length, which is not written yet, fit beside what is there? Whoever waits
    /// for room asks often, and to write a long one takes long.
    private boolean mayFit(int bodyLength, int windows) {
        writer.checkBody(bodyLength);
        int length = bodyLength + Protocol.DATA_HEADER;
        long holds = outstandingBytes() + length;
        return holds <= windowBytes * windows
                && writer.mayHaveMemory(length, windows > 1 ? holds : 0);
    }

    /// A little there always is, wherever in its chunk it would be; what is passed on finds no more
    /// than is left for all others then, so that who is flooded leaves them their part.
    private boolean hasMemory(int length, boolean passing) {
        long holds = outstandingBytes() + length;
        return holds <= Chunk.BYTES || writer.hasMemory(passing ? holds : 0);
    }

    /// Adds a request for an acknowledgement of all before it, unless there is one or nothing to
    /// acknowledge.
    void askForAck() {
        if (askedAt == lastSequence || lastSequence == acknowledged) {
            return;
        }
        writer.begin(Protocol.LENGTH_BYTES + 1);
        Protocol.int32(writer.array(), writer.start(), 1);
        writer.array()[writer.start() + 4] = Protocol.ACK_NOW;
        try {
            writer.prepare();
        } catch (OutOfMemoryError e) {
            writer.rollback();
            throw e;
        }
        askedAt = lastSequence;
        offeredBytes += writer.length();
        writer.commit(lastSequence);
    }

    /// Would an offer of a small frame be taken? Any side.
    boolean hasRoom() {
        long unacknowledged = unacknowledged();
        return unacknowledged < windowFrames
                && (unacknowledged == 0 || outstandingBytes() < windowBytes);
    }

    /// Is a quarter of the window free? Any side.
    boolean hasPlentyOfRoom() {
        return unacknowledged() <= windowFrames * 3L / 4
                && outstandingBytes() <= windowBytes * 3 / 4;
    }

    /// Is more than one part in `parts` of the window taken? Any side.
    boolean holdsMoreThan(int parts) {
        return unacknowledged() * parts > windowFrames || outstandingBytes() * parts > windowBytes;
    }

    /// Is a quarter of the window taken, or a little where memory is scarce? Any side.
    boolean isCrowded() {
        return holdsMoreThan(4) || (memory.isCrowded() && holdsMoreThan(64));
    }

    /// Is so little taken that those who wait for that may go on? Any side.
    boolean isRoomy() {
        return !holdsMoreThan(memory.isCrowded() ? 128 : 8);
    }

    private long outstandingBytes() {
        return offeredBytes - acknowledgedBytes;
    }

    /// The number of the last frame taken; 0 before the first. Any side.
    long lastSequence() {
        return lastSequence;
    }

    /// Up to which number all is acknowledged. Any side.
    long acknowledged() {
        return acknowledged;
    }

    /// How many frames have been offered beyond that. Any side.
    long unacknowledged() {
        return lastSequence - acknowledged;
    }

    // ---- writing

    /// Points `views` from index `first` on at what is to be written next, at most `bytesMax`
    /// bytes.
    ///
    /// @return the index behind the last view set
    int gather(ByteBuffer[] views, int first, int bytesMax) {
        int count = first;
        int room = bytesMax;
        Chunk chunk = skipWritten();
        while (count < views.length && room > 0) {
            Chunk next = chunk.next; // before `committed`: with a next chunk it is final
            int length = Math.min(chunk.committed - chunk.written, room);
            if (length > 0) {
                views[count++] =
                        chunk.view.clear().position(chunk.written).limit(chunk.written + length);
                room -= length;
            }
            if (next == null) {
                break;
            }
            chunk = next;
        }
        return count;
    }

    /// Says that `bytes` more bytes of what [#gather] gave were handed to the socket.
    ///
    /// @return whether any of them were for the first time
    boolean written(long bytes) {
        boolean first = false;
        long rest = bytes;
        Chunk chunk = writing;
        while (true) {
            int here = (int) Math.min(rest, chunk.committed - chunk.written);
            chunk.written += here;
            first |= here > 0 && chunk.written > chunk.writtenBefore;
            rest -= here;
            Chunk next = chunk.next;
            if (rest == 0 || next == null) {
                break;
            }
            chunk = next;
            writing = chunk;
        }
        Chunk _ = skipWritten(); // an acknowledgement that comes now frees all of it
        return first;
    }

    private Chunk skipWritten() {
        Chunk chunk = writing;
        for (Chunk next = chunk.next;
                next != null && chunk.written == chunk.committed;
                next = chunk.next) {
            chunk = next;
            writing = chunk;
        }
        return chunk;
    }

    /// The chunk whose [Chunk#written] is the start of the next data frame not yet written, or
    /// null: for a receiver in the same process, which takes frames one by one.
    @Nullable Chunk peek() {
        Chunk chunk = skipWritten();
        return chunk.written < chunk.committed ? chunk : null;
    }

    /// Says that the receiver took the frame at [#peek], or that it is no data frame.
    void taken(Chunk chunk) {
        chunk.written += Protocol.LENGTH_BYTES + Protocol.int32(chunk.bytes, chunk.written);
    }

    /// Goes back to what follows frame `upTo`, for a new connection: it is written again, or for
    /// the first time. Both the writing and the acknowledging side; frames may be offered
    /// meanwhile.
    ///
    /// @param upTo not less than what is acknowledged, not more than the last frame
    void rewind(long upTo) {
        Chunk chunk = cursor;
        int at = cursorAt;
        for (long sequence = acknowledged; sequence < upTo; ) {
            if (at == chunk.committed) {
                chunk = after(chunk);
                at = chunk.first;
            } else {
                if (chunk.bytes[at + 4] == Protocol.DATA) {
                    sequence++;
                }
                at += Protocol.LENGTH_BYTES + Protocol.int32(chunk.bytes, at);
            }
        }
        writing = chunk;
        for (Chunk again = chunk; again != null; again = again.next) {
            again.writtenBefore = Math.max(again.writtenBefore, again.written);
            again.written = again == chunk ? at : again.first;
        }
    }

    private static Chunk after(Chunk chunk) {
        Chunk next = chunk.next;
        if (next == null) {
            throw new AssertionError("a frame that was taken is not in the list");
        }
        return next;
    }

    // ---- acknowledging

    /// Frees a frame that the peer refuses, after all before it, which the peer has accepted.
    ///
    /// @param visitor sees the frame, as not written
    /// @return what is wrong with that, or null
    @Nullable String refused(long sequence, UnackedFrames.Visitor visitor) {
        if (sequence <= acknowledged) {
            return "frame " + sequence + " refused, but " + acknowledged + " were acknowledged";
        }
        String wrong = acknowledged(sequence - 1);
        if (wrong != null || sequence > lastSequence) {
            return wrong != null ? wrong : "frame " + sequence + " refused before it was sent";
        }
        Chunk chunk = cursor;
        int at = cursorAt;
        while (at == chunk.committed || chunk.bytes[at + 4] != Protocol.DATA) {
            if (at < chunk.committed) {
                at += Protocol.LENGTH_BYTES + Protocol.int32(chunk.bytes, at);
            } else if (chunk.next == null) {
                return "frame " + sequence + " refused while it was being encoded";
            } else {
                chunk = after(chunk);
                at = chunk.first;
            }
        }
        int length = Protocol.int32(chunk.bytes, at) - Protocol.DATA_OVERHEAD;
        visitor.frame(chunk.bytes, at + Protocol.DATA_HEADER, length, false);
        return acknowledged(sequence);
    }

    /// Frees what the peer has accepted.
    ///
    /// @param sequence the last frame it accepted
    /// @return what is wrong with that, or null
    @Nullable String acknowledged(long sequence) {
        long before = acknowledged;
        if (sequence < before) {
            return "acknowledgement went back from " + before + " to " + sequence;
        }
        if (sequence > lastSequence) {
            return "frame " + sequence + " acknowledged, but the last one sent is " + lastSequence;
        }
        if (sequence > before) {
            long bytes = advance(before, sequence);
            if (bytes < 0) {
                return "frame " + sequence + " acknowledged while it was being encoded";
            }
            long bytesBefore = acknowledgedBytes; // no other thread writes it
            acknowledgedBytes = bytesBefore + bytes;
            acknowledged = sequence;
            release();
        }
        return null;
    }

    /// Moves the cursor behind frame `to`; returns how many bytes it passed, or -1 if that frame is
    /// not there yet.
    private long advance(long from, long to) {
        Chunk chunk = cursor;
        int at = cursorAt;
        long bytes = 0;
        long sequence = from;
        while (sequence < to) {
            Chunk next = chunk.next; // before `committed`: with a next chunk it is final
            int end = chunk.committed;
            if (at == end) {
                if (next == null) {
                    return -1;
                }
                chunk = next;
                at = next.first;
            } else if (next != null && chunk.lastSequence <= to) { // all of it
                sequence = Math.max(sequence, chunk.lastSequence);
                bytes += end - at;
                at = end;
            } else {
                int length = Protocol.LENGTH_BYTES + Protocol.int32(chunk.bytes, at);
                if (chunk.bytes[at + 4] == Protocol.DATA) {
                    sequence++;
                }
                bytes += length;
                at += length;
            }
        }
        for (Chunk next = chunk.next; // before `committed`, likewise
                next != null && at == chunk.committed;
                next = chunk.next) {
            chunk = next;
            at = next.first;
        }
        cursor = chunk;
        cursorAt = at;
        return bytes;
    }

    /// Gives back what was taken and acknowledged. For who is both the writing and the
    /// acknowledging side.
    void settle() {
        Chunk _ = skipWritten();
        release();
    }

    private void release() {
        while (oldest != cursor && oldest != writing) {
            Chunk next = oldest.next;
            memory.remove(oldest.bytes.length, true);
            pool.give(oldest.bytes);
            if (next == null) {
                throw new AssertionError("the cursor is not in the list");
            }
            oldest = next;
        }
    }

    // ---- after the end: others read its numbers at most

    /// Visits every frame without acknowledgement, in order.
    ///
    /// @param refused the peer said that it took nothing that it did not acknowledge
    /// @param doubtful how many frames, of those written, have an unknown outcome even so
    void forEachUnacknowledged(boolean refused, int doubtful, UnackedFrames.Visitor visitor) {
        int doubts = refused ? doubtful : Integer.MAX_VALUE;
        int at = cursorAt;
        for (Chunk chunk = cursor;
                chunk != null;
                chunk = chunk.next, at = chunk == null ? 0 : chunk.first) {
            while (at < chunk.committed) {
                int end = at + Protocol.LENGTH_BYTES + Protocol.int32(chunk.bytes, at);
                if (chunk.bytes[at + 4] == Protocol.DATA) {
                    int body = at + Protocol.DATA_HEADER;
                    // The receiver sees whole frames only.
                    int reached = Math.max(chunk.written, chunk.writtenBefore);
                    boolean written = end <= reached && doubts-- > 0;
                    visitor.frame(chunk.bytes, body, end - body, written);
                }
                at = end;
            }
        }
    }

    /// Gives all memory back, and keeps none for whoever still knows this session.
    void discard() {
        for (Chunk chunk = oldest; chunk != null; chunk = chunk.next) {
            memory.remove(chunk.bytes.length, chunk.next != null);
            pool.give(chunk.bytes);
        }
        writer.discard();
        writing = writer.tail();
        oldest = writing;
        cursor = writing;
        cursorAt = 0;
    }
}
