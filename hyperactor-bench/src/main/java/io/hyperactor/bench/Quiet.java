package io.hyperactor.bench;

import java.time.Duration;

/// Whether other programs leave the processors to us, as seen while all contenders wait for their
/// turn. Waits for better times as long as there is some patience left.
final class Quiet {
    private static final double BUSY_SHARE = 0.15;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Processors processors;
    private Duration patience;

    /// How busy the machine is.
    interface Processors {
        /// Watches for a moment and tells which share of all processors was busy, from 0 to 1.
        double busy() throws InterruptedException;

        /// Lets time pass.
        void sleep(Duration time) throws InterruptedException;
    }

    /// @param patience for all waiting together; zero never waits
    Quiet(Processors processors, Duration patience) {
        this.processors = processors;
        this.patience = patience;
    }

    /// Waits until it is quiet, or patience has ended. Whether it is quiet.
    boolean await() throws InterruptedException {
        while (!still()) {
            if (!hasPatience()) {
                return false;
            }
            processors.sleep(PAUSE);
        }
        return true;
    }

    /// Whether it is quiet now. If not, that costs some patience, so that nobody tries forever.
    boolean still() throws InterruptedException {
        boolean quiet = processors.busy() < BUSY_SHARE;
        if (!quiet) {
            patience = patience.minus(PAUSE);
        }
        return quiet;
    }

    /// Whether it would wait any more.
    boolean hasPatience() {
        return patience.isPositive();
    }
}
