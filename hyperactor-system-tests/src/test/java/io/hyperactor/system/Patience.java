package io.hyperactor.system;

import java.time.Duration;

/// How long a test waits for what must come. Only a failing test waits that long.
final class Patience {
    static final Duration LIMIT = Duration.ofSeconds(40);

    /// Less than the channels' patience with a peer that is not there (30 s): who has an answer
    /// within that did not wait for it.
    static final Duration AT_ONCE = Duration.ofSeconds(20);

    private Patience() {}
}
