package io.hyperactor.channel;

/// Decides whether an event loop with nothing to do polls once more or blocks.
///
/// Waking a sleeping core costs ten times a round trip, so for 50 µs after the last event it polls,
/// and yields between two polls so as not to starve the peer on the same core. When the core is
/// wanted a yield gives up a whole time slice, whereas a blocked thread preempts when it is woken:
/// after a yield of over 100 µs there is no polling for 20 ms. On a single processor nothing
/// happens but what others do while this thread yields, so it polls once.
///
/// **Threads:** one. Time is in nanoseconds.
final class PollGuard {
    static final long POLL = 50_000;
    static final long LONG_YIELD = 100_000;
    static final long PAUSE = 20_000_000;

    private final int pollsMax;
    private int polls; // since the last event
    private long lastEvent;
    private long notBefore;

    PollGuard(long now, int processors) {
        pollsMax = processors > 1 ? Integer.MAX_VALUE : 1;
        lastEvent = now;
        notBefore = now;
    }

    void event(long now) {
        lastEvent = now;
        polls = 0;
    }

    /// Shall it poll once more?
    boolean polls(long now) {
        return !quiet(now) && now - notBefore >= 0 && polls++ < pollsMax;
    }

    /// Has nothing happened for as long as polling would last?
    boolean quiet(long now) {
        return now - lastEvent >= POLL;
    }

    /// A yield lasted from `from` to `to`.
    void yielded(long from, long to) {
        if (to - from > LONG_YIELD) {
            notBefore = to + PAUSE;
        }
    }
}
