package io.hyperactor.host;

import io.hyperactor.Instance;
import io.hyperactor.wire.ActorId;
import io.hyperactor.wire.ProcId;

import java.time.Duration;
import java.util.List;

/// Something that can end one of its procs by id.
public interface SingleTerminate {
    /// How a proc was ended.
    ///
    /// @param exit how the proc ended
    /// @param stopped root actors that ended politely; known for procs inside this process only,
    ///   else empty
    /// @param forced root actors that were forced; known for procs inside this process only, else
    ///   empty
    record Terminated(ProcExit exit, List<ActorId> stopped, List<ActorId> forced) {
        public Terminated {
            stopped = List.copyOf(stopped);
            forced = List.copyOf(forced);
        }
    }

    /// Asks the proc to end, waits at most `grace`, then uses force. Tolerates being called by
    /// several at once and a proc that ends by itself meanwhile.
    ///
    /// @throws HostException.NoSuchProc if there is no such proc
    /// @throws TerminateException if it could not be ended
    Terminated terminateProc(Instance cx, ProcId proc, Duration grace, String reason)
            throws InterruptedException;
}
