package io.hyperactor.channel;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes the send buffers of all links of one [Channels] hold together, and how many they
/// may: what is unacknowledged, as the memory that it takes.
///
/// Counted by the [Chunk], so that frames do not meet at one counter. The one that a link fills is
/// its own and does not count, unless it is longer than [Chunk#BYTES], for one frame. So a link
/// that finds nothing left goes on within its chunk, and cannot be kept from sending by others.
///
/// **Threads:** any.
final class LinkBytes {
    private final long most;
    private final AtomicLong held = new AtomicLong();

    /// @param most may be held
    LinkBytes(long most) {
        this.most = most;
    }

    /// Is there room for another chunk?
    ///
    /// @param growth as of [#growth]
    boolean hasRoom(long growth) {
        return held.get() + growth <= most;
    }

    /// Is more than half of it taken?
    boolean isCrowded() {
        return held.get() > most / 2;
    }

    /// What it makes a link hold more to fill a chunk of `length` bytes after one of `before`.
    static long growth(int before, int length) {
        return own(before) + length - own(length);
    }

    private static long own(int length) {
        return length > Chunk.BYTES ? 0 : length;
    }

    void add(long bytes) {
        held.addAndGet(bytes);
    }

    /// A chunk is not needed any more.
    ///
    /// @param filled whether the link fills another one
    void remove(int length, boolean filled) {
        held.addAndGet((filled ? 0 : own(length)) - length);
    }

    long held() {
        return held.get();
    }
}
