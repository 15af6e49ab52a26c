package io.hyperactor.bench;

/// How much of a workload is done.
///
/// @param operations in each round
/// @param launches how often each contender is started anew
/// @param warmups rounds that are thrown away, at each launch
/// @param rounds that count, at each launch
record Effort(int operations, int launches, int warmups, int rounds) {
    private static final int QUICK_PART = 20;

    Effort {
        if (operations < 1 || launches < 1 || warmups < 0 || rounds < 1) {
            throw new IllegalArgumentException(
                    "not an effort: %d, %d, %d, %d"
                            .formatted(operations, launches, warmups, rounds));
        }
    }

    /// Two launches with four warm-up rounds and three rounds each.
    static Effort usual(int operations) {
        return new Effort(operations, 2, 4, 3);
    }

    /// How many rounds count, of all launches.
    int turns() {
        return launches * rounds;
    }

    /// Just enough to see that it works: the figures mean little.
    Effort quick() {
        return new Effort(
                Math.max(1, operations / QUICK_PART), 1, Math.min(1, warmups), Math.min(2, rounds));
    }
}
