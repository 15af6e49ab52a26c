package io.hyperactor.system;

import io.hyperactor.ProcConfig;
import io.hyperactor.host.ProcMain;

import java.time.Duration;

/// A child process that can spawn a [Worker], a [Recipient] or a [Forger].
final class WorkerProc {
    /// Less than by default: its host's tests do not wait as long.
    static final Duration STUCK_AFTER = Duration.ofSeconds(5);

    private WorkerProc() {}

    public static void main(String[] args) {
        ProcMain.run(
                ProcConfig.defaults().withStuckAfter(STUCK_AFTER),
                Worker.TYPE,
                Recipient.TYPE,
                Forger.TYPE);
    }
}
