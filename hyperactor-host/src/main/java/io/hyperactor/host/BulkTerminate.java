package io.hyperactor.host;

import io.hyperactor.Instance;

import java.time.Duration;

/// Something that can end all its procs.
public interface BulkTerminate {
    /// Ends every proc known when this is called: asks, waits at most `grace` each, then uses
    /// force.
    ///
    /// @param cx who asks
    /// @param grace per proc, if its [ProcSpec#stopGrace()] says nothing else
    /// @param maxInFlight how many are being ended at the same time; below 1 is taken as 1
    TerminateSummary terminateAll(Instance cx, Duration grace, int maxInFlight, String reason)
            throws InterruptedException;
}
