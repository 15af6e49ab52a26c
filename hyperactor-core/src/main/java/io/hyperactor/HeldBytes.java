package io.hyperactor;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of messages from other procs wait in all mailboxes and ports of a proc together,
/// and how many may.
///
/// Each of those counts its own. Here they are counted in whole steps of [#STEP], each rounded
/// down, so a short queue touches nothing that is shared, and a long one seldom; and one with
/// little in it takes more whatever there is elsewhere.
///
/// **Threads:** any.
final class HeldBytes {
    static final int STEP = 4096;
    private static final int SHIFT = 12;

    private final long most;
    private final AtomicLong steps = new AtomicLong();

    /// @param most bytes may wait
    HeldBytes(long most) {
        this.most = most;
    }

    /// A queue that held `before` bytes holds `after` now. In any order, if each change of a queue
    /// is told once.
    void changed(long before, long after) {
        long more = (after >> SHIFT) - (before >> SHIFT);
        if (more != 0) {
            steps.addAndGet(more);
        }
    }

    /// May a queue that holds `held` bytes take `more`? One message alone always may.
    boolean hasRoom(long held, int more) {
        long now = steps.get();
        long then = now + ((held + more) >> SHIFT) - (held >> SHIFT);
        return then == now || now == 0 || then << SHIFT <= most;
    }

    /// Is more than half taken, and would it be more with those?
    boolean isCrowdedBy(long held, int more) {
        return (held >> SHIFT) != ((held + more) >> SHIFT) && sum() > most / 2;
    }

    /// Has a queue that holds so much a lot of room again?
    boolean isRoomyFor(long held) {
        return held < STEP || sum() <= most / 4;
    }

    /// How many bytes wait, roughly.
    long sum() {
        return steps.get() << SHIFT;
    }
}
