package io.hyperactor.host;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The restarts of one proc so far: a value. Times are those of a clock like [System#nanoTime()].
///
/// @param policy what it goes by
/// @param total how many there were
/// @param inRow how many since the last life that was long enough
/// @param recent when those were that may count against the budget
record Restarts(RestartPolicy policy, int total, int inRow, List<Long> recent) {
    private static final int DOUBLINGS_MAX = 40; // more would overflow

    static Restarts none(RestartPolicy policy) {
        return new Restarts(policy, 0, 0, List.of());
    }

    /// What is to be done after an end.
    sealed interface Decision {
        /// Nothing: it has ended as it may.
        record Leave() implements Decision {}

        /// Another life, after a pause.
        record Restart(Restarts after, long pauseNanos) implements Decision {}

        /// Nothing any more: it ends too often.
        record GiveUp(String why) implements Decision {}
    }

    /// Decides after an end at `now` of a life of `livedNanos`.
    ///
    /// @param exit how it ended; empty if it never came to be
    /// @param random from 0 to 1
    Decision after(Optional<ProcExit> exit, long now, long livedNanos, double random) {
        boolean wanted =
                switch (policy.when()) {
                    case PERMANENT -> true;
                    case TRANSIENT -> !exit.equals(Optional.of(new ProcExit.Exited(0)));
                    case TEMPORARY -> false;
                };
        if (!wanted) {
            return new Decision.Leave();
        }
        long period = Durations.nanos(policy.period());
        List<Long> counted = recent.stream().filter(at -> now - at < period).toList();
        if (counted.size() >= policy.maxRestarts()) {
            return new Decision.GiveUp(
                    "%d restarts within %s s were not enough"
                            .formatted(counted.size(), policy.period().toSeconds()));
        }
        int row = livedNanos >= Durations.nanos(policy.steadyAfter()) ? 0 : inRow;
        return new Decision.Restart(
                new Restarts(
                        policy,
                        total + 1,
                        row + 1,
                        Stream.concat(counted.stream(), Stream.of(now)).toList()),
                pause(row, random));
    }

    private long pause(int row, double random) {
        double first = Durations.nanos(policy.firstPause());
        double max = Durations.nanos(policy.maxPause());
        double full = Math.min(max, first * (1L << Math.min(row, DOUBLINGS_MAX)));
        return (long) (full * (1 - policy.jitter() * random));
    }
}
