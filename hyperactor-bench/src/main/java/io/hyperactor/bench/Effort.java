package io.hyperactor.bench;

import java.time.Duration;
import java.util.Optional;

/// How much of a workload is done.
///
/// @param operations in each round; where there is a bound, at most
/// @param launches how often each contender is started anew
/// @param warmups rounds that are thrown away, at each launch; where there is a bound, at least:
///   who still gets faster goes on, [#mostWarmups] times at most
/// @param rounds that count, at each launch
/// @param bound about how long a round may take: who is slower does fewer operations, as found out
///   while warming up. Empty where their number is part of what is measured
record Effort(int operations, int launches, int warmups, int rounds, Optional<Duration> bound) {
    private static final Duration USUAL_BOUND = Duration.ofMillis(500);
    private static final Duration QUICK_BOUND = Duration.ofMillis(100);
    private static final int QUICK_PART = 20;
    private static final int FIRST_PART = 100;
    private static final int LEAST_PART = 200;
    private static final int MOST_WARMUPS = 15;

    Effort {
        if (operations < 1 || launches < 1 || warmups < 0 || rounds < 1) {
            throw new IllegalArgumentException(
                    "not an effort: %d, %d, %d, %d"
                            .formatted(operations, launches, warmups, rounds));
        }
        if (bound.isPresent() && warmups == 0) {
            throw new IllegalArgumentException("a bound is found out while warming up");
        }
    }

    /// Always that many operations.
    Effort(int operations, int launches, int warmups, int rounds) {
        this(operations, launches, warmups, rounds, Optional.empty());
    }

    /// Two launches with four or more warm-up rounds and five rounds each, of half a second at
    /// most.
    static Effort usual(int operations) {
        return new Effort(operations, 2, 4, 5).bounded();
    }

    /// The same with another number of launches: compiled code differs from launch to launch.
    Effort launched(int times) {
        return new Effort(operations, times, warmups, rounds, bound);
    }

    /// The same in rounds of about half a second at most.
    Effort bounded() {
        return bounded(USUAL_BOUND);
    }

    /// The same in rounds that take about so long at most.
    Effort bounded(Duration round) {
        return new Effort(operations, launches, warmups, rounds, Optional.of(round));
    }

    /// After how many rounds everybody has warmed up, faster or not.
    int mostWarmups() {
        return bound.isPresent() ? MOST_WARMUPS * warmups : warmups;
    }

    /// How many rounds count, of all launches.
    int turns() {
        return launches * rounds;
    }

    /// How many operations the first round has: where there is a bound, few, as it is not known yet
    /// how long they take.
    int first() {
        return bound.isPresent() ? part(FIRST_PART) : operations;
    }

    /// How many operations the next round has, after one of `done` that took so long.
    int next(int done, Duration took) {
        return bound.map(most -> fitting(most, done, took)).orElse(operations);
    }

    private int fitting(Duration most, int done, Duration took) {
        double fit = (double) done * most.toNanos() / Math.max(1, took.toNanos());
        return Math.clamp((long) fit, part(LEAST_PART), operations);
    }

    private int part(int parts) {
        return Math.max(1, operations / parts);
    }

    /// Just enough to see that it works: the figures mean little.
    Effort quick() {
        return new Effort(
                part(QUICK_PART),
                1,
                Math.min(1, warmups),
                Math.min(2, rounds),
                bound.map(_ -> QUICK_BOUND));
    }
}
