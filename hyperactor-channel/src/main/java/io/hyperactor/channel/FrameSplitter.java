package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// Cuts a stream of bytes into frames, whatever pieces it comes in.
///
/// Frames that lie whole in the shared read buffer are passed on from there. What is left at its
/// end is kept, and put in front of the next read; a large frame is collected in an array of its
/// own, which grows with what has arrived and never with what the length field claims.
///
/// It has no socket. **Threads:** one. Use: read into [#target], then call [#received].
final class FrameSplitter implements ArrivingBytes.Holder {
    /// Frames from this length on are collected in an array of their own.
    static final int LARGE = 96 * 1024;

    /// What claims to be longer is not even dropped.
    private static final int DROPPED_MAX = Protocol.FRAME_BODY_MAX + Protocol.DATA_OVERHEAD;

    private static final int STEP = 64 * 1024;
    private static final int SMALL = 1024;
    private static final byte[] NOTHING = {};

    /// Takes the pieces.
    interface Sink {
        /// The bytes before the first frame.
        ///
        /// @return how many bytes from `from` on it has taken, once it is complete; 0 to ask again
        ///   when there are more
        int prologue(byte[] bytes, int from, int end);

        /// A frame without its length field.
        ///
        /// @return false to get no more until [#again], which brings this one again
        boolean frame(byte[] bytes, int from, int length);

        /// A frame is longer than allowed, but not absurdly so. Its first bytes are at `from`, as
        /// many as [Protocol#DATA_OVERHEAD].
        ///
        /// @return true to have it dropped as it comes; false if it is a [#badLength]
        default boolean oversized(byte[] bytes, int from, long length) {
            return false;
        }

        /// A frame claims a length that is not allowed. Nothing more is passed on.
        void badLength(long length);

        /// There is no memory for the frame that is arriving, of whose first bytes as many as
        /// [Protocol#DATA_OVERHEAD] are at `from`; or for what is kept since the sink wanted no
        /// more.
        ///
        /// @return true to go on behind the frame; false, as always while the sink wants no more,
        ///   if nothing more is to be passed on
        default boolean crowdedOut(byte[] bytes, int from, long length) {
            return false;
        }
    }

    private final Sink sink;
    private final BytePool pool;
    private final ArrivingBytes memory;
    private final int lengthMax;
    private boolean prologue;
    private boolean stopped;
    private boolean ended;

    /// How much is still to come of a frame that is dropped.
    private int dropping;

    private byte[] kept = NOTHING;
    private int keptFrom;
    private int keptTo;
    private long held;
    private boolean collecting;

    FrameSplitter(Sink sink, BytePool pool, ArrivingBytes memory, int lengthMax, boolean prologue) {
        this.sink = sink;
        this.pool = pool;
        this.memory = memory;
        this.lengthMax = lengthMax;
        this.prologue = prologue;
    }

    /// Where the next read must go: `shared`, or an array of this splitter's own.
    ByteBuffer target(ByteBuffer shared) {
        int length = keptTo - keptFrom;
        int wanted = wanted(kept, keptFrom, length);
        collecting = wanted >= LARGE && collect(length, wanted);
        if (collecting) {
            int end =
                    (int)
                            Math.min(
                                    Math.min(kept.length, wanted),
                                    (long) keptTo + shared.capacity());
            return ByteBuffer.wrap(kept, keptTo, end - keptTo);
        }
        return shared.clear().put(kept, keptFrom, keptTo - keptFrom); // kept until more is read
    }

    /// The bytes that the incomplete frame at the front will have, length field included; 0 if that
    /// is not known.
    private int wanted(byte[] bytes, int from, int length) {
        if (prologue || length < Protocol.LENGTH_BYTES) {
            return 0;
        }
        int claimed = Protocol.int32(bytes, from);
        return claimed < 1 || claimed > lengthMax ? 0 : Protocol.LENGTH_BYTES + claimed;
    }

    /// Makes room behind the part of a large frame that is there.
    ///
    /// @return false if there is none, and the frame is given up
    private boolean collect(int length, int wanted) {
        if (keptFrom == 0 && keptTo < kept.length) {
            return true;
        }
        byte[] from = kept;
        if (from.length < wanted && length >= from.length / 2) {
            byte[] longer = arrayFor(length, wanted);
            if (longer == null) {
                giveWay();
                return false;
            }
            hold(longer);
        }
        System.arraycopy(from, keptFrom, kept, 0, length);
        keptFrom = 0;
        keptTo = length;
        if (kept.length > from.length) {
            giveBack(from);
        }
        return true;
    }

    private void keep(byte[] bytes, int from, int length) {
        if (length == 0 || ended) {
            drop();
            return;
        }
        int wanted = wanted(bytes, from, length);
        boolean small = kept.length < length || (wanted >= LARGE && kept.length < wanted);
        if (small || isHeldInVain(length, wanted)) {
            drop();
            byte[] array = arrayFor(length, wanted);
            if (array == null) {
                giveUp(bytes, from, length);
                return;
            }
            hold(array);
        }
        System.arraycopy(bytes, from, kept, 0, length);
        keptFrom = 0;
        keptTo = length;
    }

    /// Does an array that counts hold what needs none, or too little of a frame to give it up?
    private boolean isHeldInVain(int length, int wanted) {
        return held > 0 && (length < Protocol.DATA_HEADER || (wanted < LARGE && length <= STEP));
    }

    /// An array for `length` bytes that are there, and more of the `wanted` ones: a used one, or
    /// one that is at most twice as long as what has arrived. Null if there is no memory for it.
    private byte @Nullable [] arrayFor(int length, int wanted) {
        int size;
        if (wanted >= LARGE && length >= Protocol.DATA_HEADER) { // else it could not be given up
            int whole = Math.max(wanted, length); // there may be more, if the sink wanted no more
            byte[] pooled = pooled(whole);
            if (pooled != null) {
                return pooled;
            }
            size = (int) Math.min(whole, Math.max(STEP, 2L * length));
        } else if (length < SMALL) {
            return new byte[SMALL];
        } else {
            size = length <= STEP ? STEP : Math.max(length, LARGE);
        }
        if (size > Chunk.BYTES && !memory.grant(this, size)) {
            return null;
        }
        byte[] pooled = pooled(size);
        return pooled != null ? pooled : new byte[size];
    }

    /// A used array that is not much longer than it has to be, and takes nobody else's memory.
    private byte @Nullable [] pooled(int least) {
        long most = least <= Chunk.BYTES ? Chunk.BYTES : Math.min(2L * least, memory.roomFor(this));
        return pool.poll(least, (int) Math.min(most, Integer.MAX_VALUE));
    }

    private void hold(byte[] array) {
        kept = array;
        long before = held;
        held = array.length > Chunk.BYTES ? array.length : 0;
        if (held != before) {
            memory.changed(this, before);
        }
    }

    @Override
    public long held() {
        return held;
    }

    @Override
    public void giveWay() {
        try {
            giveUp(kept, keptFrom, keptTo - keptFrom);
        } finally {
            drop();
        }
    }

    private void giveUp(byte[] bytes, int from, int length) {
        int claimed = Protocol.int32(bytes, from);
        dropping = Protocol.LENGTH_BYTES + claimed - length;
        boolean goesOn = false;
        try {
            goesOn = sink.crowdedOut(bytes, from + Protocol.LENGTH_BYTES, claimed);
        } finally {
            ended |= !goesOn; // also if it throws: what comes next is no frame
        }
    }

    private void giveBack(byte[] array) {
        if (array.length >= STEP) {
            pool.give(array);
        }
    }

    /// Passes on what was read into `target`, from its start to its position.
    ///
    /// @return false if the sink wants no more
    boolean received(ByteBuffer target) {
        if (ended) {
            return false;
        }
        if (collecting) {
            keptTo = target.position();
            if (keptTo < wanted(kept, 0, keptTo)) {
                return true;
            }
            return again();
        }
        byte[] bytes = target.array(); // the shared one, which starts at 0
        int at = parse(bytes, target.arrayOffset(), target.position());
        keep(bytes, at, target.position() - at);
        return !stopped;
    }

    /// Goes on after the sink wanted no more.
    ///
    /// @return false if it still wants none
    boolean again() {
        if (ended) {
            return false;
        }
        stopped = false;
        int at = parse(kept, keptFrom, keptTo);
        keptFrom = at;
        if (ended || at == keptTo) {
            drop();
        } else if (!stopped && isHeldInVain(keptTo - at, wanted(kept, at, keptTo - at))) {
            keepElsewhere();
        }
        return !stopped;
    }

    private void keepElsewhere() {
        byte[] array = kept;
        int from = keptFrom;
        int length = keptTo - from;
        hold(NOTHING);
        keep(array, from, length);
        giveBack(array);
    }

    /// Forgets what is kept, and passes nothing on from now on.
    void end() {
        ended = true;
        drop();
    }

    private void drop() {
        byte[] array = kept;
        if (array.length >= STEP) {
            hold(NOTHING);
            giveBack(array);
        }
        keptFrom = 0;
        keptTo = 0;
    }

    /// Is there part of a frame?
    boolean inFrame() {
        return keptTo > keptFrom;
    }

    private int dropUntil(int at, int end) {
        int dropped = Math.min(dropping, end - at);
        dropping -= dropped;
        return at + dropped;
    }

    /// Returns the index of the first byte that was not passed on.
    private int parse(byte[] bytes, int from, int end) {
        int at = from;
        if (prologue && at < end) {
            int taken = sink.prologue(bytes, at, end);
            if (taken == 0) {
                return at;
            }
            prologue = false;
            at += taken;
        }
        at = dropUntil(at, end);
        while (end - at >= Protocol.LENGTH_BYTES) {
            int length = Protocol.int32(bytes, at);
            if (length < 1 || length > lengthMax) {
                if (length > lengthMax && length <= DROPPED_MAX) {
                    if (end - at < Protocol.DATA_HEADER) {
                        break;
                    }
                    if (sink.oversized(bytes, at + Protocol.LENGTH_BYTES, length)) {
                        dropping = Protocol.LENGTH_BYTES + length;
                        at = dropUntil(at, end);
                        continue;
                    }
                }
                stopped = true;
                sink.badLength(Integer.toUnsignedLong(length));
                break;
            }
            if (end - at - Protocol.LENGTH_BYTES < length) {
                break;
            }
            if (!sink.frame(bytes, at + Protocol.LENGTH_BYTES, length)) {
                stopped = true;
                break;
            }
            at += Protocol.LENGTH_BYTES + length;
        }
        return at;
    }
}
