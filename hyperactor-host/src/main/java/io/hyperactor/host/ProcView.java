package io.hyperactor.host;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A proc as its host sees it at one moment.
///
/// @param name its name
/// @param pid of its process, 0 if it has none of its own or none now
/// @param state `starting`, `running`, `ready`, `suspected`, `stopping`, `restarting` or `ended`
/// @param startedAt when its process was started; null if it has none now
/// @param restarts how often it was restarted
/// @param containment what ends with its process; null if it has none now
/// @param limits the limits of its process, and what sees to each
/// @param lastExit how its last life ended; null in the first
public record ProcView(
        String name,
        long pid,
        String state,
        @Nullable Instant startedAt,
        int restarts,
        @Nullable Containment containment,
        List<AppliedLimit> limits,
        @Nullable ExitReport lastExit) {
    public ProcView {
        limits = List.copyOf(limits);
    }

    /// The same with the pid of a process that it has had.
    ProcView withPid(long other) {
        return new ProcView(name, other, state, startedAt, restarts, containment, limits, lastExit);
    }

    /// How long its process has been running, at a time.
    public Duration uptime(Instant now) {
        return Optional.ofNullable(startedAt)
                .map(at -> Duration.between(at, now))
                .orElse(Duration.ZERO);
    }
}
