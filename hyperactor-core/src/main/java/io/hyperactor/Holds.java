package io.hyperactor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Where a proc sends nothing for the moment, because it was asked not to. Each hold ends by itself
/// after a while: the word that ends it can be lost.
///
/// **Threads:** any.
final class Holds {
    static final long LASTS_NANOS = 2_000_000_000L;
    private static final int PLACES_MAX = 65_536;

    private final LongSupplier clock;
    private final Map<Object, Long> until = new ConcurrentHashMap<>();

    Holds(LongSupplier clock) {
        this.clock = clock;
    }

    void apply(Hold hold) {
        if (!hold.on()) {
            until.remove(hold.place());
            return;
        }
        long now = clock.getAsLong();
        if (until.size() >= PLACES_MAX) {
            until.values().removeIf(end -> now - end >= 0); // nobody has sent there since
        }
        if (until.size() < PLACES_MAX) {
            until.put(hold.place(), now + LASTS_NANOS);
        }
    }

    boolean isEmpty() {
        return until.isEmpty();
    }

    boolean holds(Envelope envelope) {
        return isHeld(envelope.proc()) || isHeld(envelope.destination().actor());
    }

    private boolean isHeld(Object place) {
        Long end = until.get(place);
        if (end == null) {
            return false;
        }
        if (clock.getAsLong() - end < 0) {
            return true;
        }
        until.remove(place, end);
        return false;
    }
}
