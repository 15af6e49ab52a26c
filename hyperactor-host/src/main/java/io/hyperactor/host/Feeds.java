package io.hyperactor.host;

import io.hyperactor.wire.PortId;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The feeds that a host's agent serves, by the ports they go to. A taker has to be heard of from
/// time to time.
///
/// **Threads:** any.
final class Feeds implements AutoCloseable {
    /// So many at the same time.
    static final int MAX = 64;

    /// Who is not heard of for so long makes room for others, if there is none.
    static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private record Entry(Feed<?> feed, Runnable source, long heardAt) {
        Entry heardAt(long now) {
            return new Entry(feed, source, now);
        }

        void end() {
            source.run();
            feed.close();
        }
    }

    private final Map<PortId, Entry> entries = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private volatile boolean closed;

    Feeds(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Whether there is room for one more.
    boolean hasRoom() {
        if (entries.size() >= MAX) {
            long now = nanoTime.getAsLong();
            entries.forEach((to, entry) -> {
                if (now - entry.heardAt() > SILENCE_MAX.toNanos()) {
                    end(to);
                }
            });
        }
        return entries.size() < MAX;
    }

    /// A feed to a port; one that went there before ends. Ends at once if this is closed.
    ///
    /// @param source stops what fills it
    void add(PortId to, Feed<?> feed, Runnable source) {
        end(to);
        entries.put(to, new Entry(feed, source, nanoTime.getAsLong()));
        if (closed) { // since nobody else would
            end(to);
        }
    }

    /// Who takes at a port has taken so many.
    ///
    /// @return whether there is a feed
    boolean taken(PortId to, long count) {
        long now = nanoTime.getAsLong();
        Entry entry = entries.computeIfPresent(to, (_, known) -> known.heardAt(now));
        if (entry == null) {
            return false;
        }
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

    /// Ends all, also those that are still to come.
    @Override
    public void close() {
        closed = true; // first: what comes now sees it, or is among these
        entries.keySet().forEach(this::end);
    }
}
