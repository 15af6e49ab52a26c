package io.hyperactor.channel;

/// How often a sender may write by itself rather than leave it to the event loop.
///
/// A lone message goes out fastest if its sender writes it. When many come, the loop writes them
/// many at a time. So there are a few credits, one more for every 12 µs since the last such write,
/// and without any the loop takes over.
///
/// **Threads:** whoever has the [WriteTurn].
final class InlineCredit {
    private static final int MAX = 2;
    private static final long NANOS_PER_CREDIT = 12_000;

    private long last;
    private int credits = MAX;

    InlineCredit(long now) {
        last = now;
    }

    /// Takes a credit if there is one.
    boolean take(long now) {
        long earned = (now - last) / NANOS_PER_CREDIT;
        last = now;
        credits = (int) Math.min(MAX, credits + earned);
        if (credits == 0) {
            return false;
        }
        credits--;
        return true;
    }
}
