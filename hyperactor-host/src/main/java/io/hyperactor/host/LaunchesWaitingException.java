package io.hyperactor.host;

import java.io.IOException;

/// A process was not launched because as many others as may be were waiting for that.
final class LaunchesWaitingException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int max;

    LaunchesWaitingException(int max) {
        super(max + " others are waiting to be launched");
        this.max = max;
    }

    /// How many may wait.
    int max() {
        return max;
    }
}
