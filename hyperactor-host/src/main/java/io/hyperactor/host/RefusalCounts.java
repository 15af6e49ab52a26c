package io.hyperactor.host;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// How often a host has refused something, by the reason.
///
/// **Threads:** any.
final class RefusalCounts {
    private final Map<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class); // never changes

    RefusalCounts() {
        for (Refusal refusal : Refusal.values()) {
            counts.put(refusal, new LongAdder());
        }
    }

    /// One more.
    void count(Refusal why) {
        LongAdder count = counts.get(why);
        if (count != null) { // there is one of each
            count.increment();
        }
    }

    /// What may be refused.
    interface Work<T> {
        T get() throws InterruptedException;
    }

    /// Does `work` and counts why if that is refused.
    <T> T counting(Work<T> work) throws InterruptedException {
        try {
            return work.get();
        } catch (RuntimeException e) {
            count(Refusal.of(e));
            throw e;
        }
    }

    /// All reasons, with how often each was one until now.
    Map<Refusal, Long> now() {
        Map<Refusal, Long> now = new EnumMap<>(Refusal.class);
        counts.forEach((why, count) -> now.put(why, count.sum()));
        return Collections.unmodifiableMap(now);
    }
}
