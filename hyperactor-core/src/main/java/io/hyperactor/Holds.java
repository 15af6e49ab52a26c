package io.hyperactor;

import io.hyperactor.wire.ProcId;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Where a proc sends nothing for the moment, because it was asked not to. Each hold ends by itself
/// after a while: the word that ends it can be lost.
///
/// No proc takes the places of others: of one that has very many crowded actors all is held.
///
/// **Threads:** any.
final class Holds {
    static final long LASTS_NANOS = 2_000_000_000L;
    static final int PROCS_MAX = 1024;
    static final int OF_A_PROC_MAX = 256;

    private final LongSupplier clock;
    private final Map<ProcId, Map<Object, Long>> procs = new ConcurrentHashMap<>(); // none is empty

    Holds(LongSupplier clock) {
        this.clock = clock;
    }

    void apply(Hold hold) {
        ProcId proc = hold.actor().proc();
        if (!hold.on()) {
            release(proc, hold.place());
            return;
        }
        if (procs.size() >= PROCS_MAX && !procs.containsKey(proc)) {
            procs.keySet().forEach(this::forgetWhatIsOver); // nobody has sent there since
            if (procs.size() >= PROCS_MAX) {
                Counters.beyond(
                        BoundCounter.HOLDS_UNHEEDED,
                        "nothing is held back that goes to {}, as too many procs ask for that",
                        proc);
                return;
            }
        }
        Map<Object, Long> held = procs.compute(proc, (_, known) -> with(hold, known));
        if (!held.containsKey(hold.place())) {
            Counters.beyond(
                    BoundCounter.HOLDS_WIDENED,
                    "all is held back that goes to {}, as too many of its actors ask for that",
                    proc);
        }
    }

    private Map<Object, Long> with(Hold hold, @Nullable Map<Object, Long> known) {
        Map<Object, Long> held = known == null ? new ConcurrentHashMap<>() : known;
        if (held.size() >= OF_A_PROC_MAX) {
            boolean _ = isOver(held);
        }
        boolean fits = held.size() < OF_A_PROC_MAX || held.containsKey(hold.place());
        held.put(fits ? hold.place() : hold.actor().proc(), clock.getAsLong() + LASTS_NANOS);
        return held;
    }

    /// Whether none of these lasts any longer; forgets those that do not.
    private boolean isOver(Map<Object, Long> held) {
        long now = clock.getAsLong();
        held.values().removeIf(end -> now - end >= 0);
        return held.isEmpty();
    }

    private void forgetWhatIsOver(ProcId proc) {
        procs.computeIfPresent(proc, (_, held) -> isOver(held) ? null : held);
    }

    private void release(ProcId proc, Object place) {
        procs.computeIfPresent(
                proc,
                (_, held) -> {
                    held.remove(place);
                    return held.isEmpty() ? null : held;
                });
    }

    boolean isEmpty() {
        return procs.isEmpty();
    }

    boolean holds(Envelope envelope) {
        ProcId proc = envelope.proc();
        Map<Object, Long> held = procs.get(proc);
        return held != null
                && (isHeld(held, proc, proc) || isHeld(held, proc, envelope.destination().actor()));
    }

    private boolean isHeld(Map<Object, Long> held, ProcId proc, Object place) {
        Long end = held.get(place);
        if (end == null) {
            return false;
        }
        if (clock.getAsLong() - end < 0) {
            return true;
        }
        forgetWhatIsOver(proc);
        return false;
    }
}
