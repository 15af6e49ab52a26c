package io.hyperactor.host;

import java.time.Instant;
import java.util.List;

/// Events of a proc that does not exist.
final class ProcEventsOf {
    private ProcEventsOf() {}

    /// Something that happened to the proc `p` with the pid 1.
    static ProcEvent p(ProcEvent.Change change) {
        var proc = new ProcView("p", 1, "ready", null, 0, null, List.of(), null);
        return new ProcEvent(Instant.EPOCH, proc, change);
    }
}
