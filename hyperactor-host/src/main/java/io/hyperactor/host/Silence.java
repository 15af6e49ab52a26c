package io.hyperactor.host;

import java.time.Duration;
import java.util.Optional;

/// How long a proc has been silent, and what follows from it: a value. Times are those of a clock
/// like [System#nanoTime()].
///
/// @param liveness what it goes by
/// @param heardAt when it last answered, or was ready
/// @param suspected whether it is suspected now
/// @param fatal whether it was too silent for too long
record Silence(Liveness liveness, long heardAt, boolean suspected, boolean fatal) {
    /// What has changed.
    enum Change {
        NONE,
        SUSPECTED,
        RECOVERED,
        FATAL
    }

    /// The silence afterwards and what has changed.
    record Step(Silence next, Change change) {}

    static Silence from(Liveness liveness, long now) {
        return new Silence(liveness, now, false, false);
    }

    /// An answer came.
    Step heard(long now) {
        return fatal
                ? new Step(this, Change.NONE)
                : new Step(from(liveness, now), suspected ? Change.RECOVERED : Change.NONE);
    }

    /// For so long, until now, nobody could have heard it.
    Silence without(long nanos, long now) {
        long silent = Math.max(0, now - heardAt - nanos);
        return new Silence(liveness, now - silent, suspected, fatal);
    }

    /// Time has passed.
    Step at(long now) {
        long silent = now - heardAt;
        Optional<Long> fatalAfter = liveness.killAfter().map(Durations::nanos);
        if (!fatal && fatalAfter.isPresent() && silent >= fatalAfter.get()) {
            return new Step(new Silence(liveness, heardAt, true, true), Change.FATAL);
        }
        if (!suspected && silent >= Durations.nanos(liveness.suspectAfter())) {
            return new Step(new Silence(liveness, heardAt, true, false), Change.SUSPECTED);
        }
        return new Step(this, Change.NONE);
    }

    /// How long until [#at] changes something if nothing is heard; empty if it never will.
    Optional<Long> untilChange(long now) {
        Optional<Duration> limit =
                suspected ? liveness.killAfter() : Optional.of(liveness.suspectAfter());
        return limit.map(time -> Math.max(0, Durations.nanos(time) - (now - heardAt)));
    }
}
