package io.hyperactor.host;

import io.hyperactor.Instance;

import java.time.Duration;

/// Something that can end all its procs.
public interface BulkTerminate {
    /// Ends every proc known when this is called, the youngest first: asks, waits, then uses force.
    ///
    /// That takes one `grace` for all of them together, and what force takes. When half of it is
    /// over all that have not had their turn are asked at once: each has at least half of it.
    ///
    /// @param cx who asks
    /// @param grace for all; a proc whose [ProcSpec#stopGrace()] is shorter or longer has that
    /// @param maxInFlight how many are being ended at the same time in the first half; below 1 is
    ///   taken as 1
    TerminateSummary terminateAll(Instance cx, Duration grace, int maxInFlight, String reason)
            throws InterruptedException;
}
