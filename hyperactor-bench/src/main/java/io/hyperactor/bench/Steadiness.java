package io.hyperactor.bench;

import java.time.Duration;

/// Tells when a contender has warmed up: when some rounds in a row were no faster than the last one
/// that was clearly faster than those before it. What is compiled while it runs is slow for as long
/// as that takes, which on a slow machine is longer than any number of rounds fixed in advance.
final class Steadiness {
    private static final double CLEARLY = 1.05;
    private static final int IN_A_ROW = 8;

    private double fast;
    private int noFaster;

    /// A round of so many operations took so long.
    void ran(int operations, Duration took) {
        double rate = (double) operations / Math.max(1, took.toNanos());
        if (rate > fast * CLEARLY) {
            fast = rate;
            noFaster = 0;
        } else {
            noFaster++;
        }
    }

    boolean isReached() {
        return noFaster >= IN_A_ROW;
    }
}
