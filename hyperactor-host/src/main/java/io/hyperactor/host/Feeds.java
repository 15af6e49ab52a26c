package io.hyperactor.host;

import io.hyperactor.wire.PortId;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// The feeds that a host's agent serves, by the ports they go to. A taker has to be heard of from
/// time to time.
///
/// **Threads:** one at a time.
final class Feeds implements AutoCloseable {
    /// So many at the same time.
    static final int MAX = 64;

    /// Who is not heard of for so long makes room for others.
    static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private record Entry(Feed<?> feed, Runnable source, long heardAt) {
        void end() {
            source.run();
            feed.close();
        }
    }

    private final Map<PortId, Entry> entries = new HashMap<>();
    private final LongSupplier nanoTime;

    Feeds(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Whether there is room for one more.
    boolean hasRoom() {
        long now = nanoTime.getAsLong();
        entries.values()
                .removeIf(entry -> {
                    boolean silent = now - entry.heardAt() > SILENCE_MAX.toNanos();
                    if (silent) {
                        entry.end();
                    }
                    return silent;
                });
        return entries.size() < MAX;
    }

    /// A feed to a port; one that went there before ends.
    ///
    /// @param source stops what fills it
    void add(PortId to, Feed<?> feed, Runnable source) {
        end(to);
        entries.put(to, new Entry(feed, source, nanoTime.getAsLong()));
    }

    /// Who takes at a port has taken so many.
    ///
    /// @return whether there is a feed
    boolean taken(PortId to, long count) {
        Entry entry = entries.get(to);
        if (entry == null) {
            return false;
        }
        entries.put(to, new Entry(entry.feed(), entry.source(), nanoTime.getAsLong()));
        entry.feed().taken(count);
        return true;
    }

    /// Nobody takes at a port any more.
    void end(PortId to) {
        Entry entry = entries.remove(to);
        if (entry != null) {
            entry.end();
        }
    }

    /// Ends all.
    @Override
    public void close() {
        entries.values().forEach(Entry::end);
        entries.clear();
    }
}
