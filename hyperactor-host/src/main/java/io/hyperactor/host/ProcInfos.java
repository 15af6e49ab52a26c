package io.hyperactor.host;

import io.hyperactor.host.HostAgentMessage.ProcInfo;

import java.time.Instant;
import java.util.List;

/// What others are told of procs, whether they ask how these are or watch them.
final class ProcInfos {
    private ProcInfos() {}

    /// A proc that there is, or was at `at`. Reads `/proc`.
    static ProcInfo of(ProcView proc, Instant at) {
        boolean runs = proc.startedAt() != null; // else the pid may be a stranger's by now
        ProcessUse use = runs ? ProcessUse.of(proc.pid()) : ProcessUse.UNKNOWN;
        return new ProcInfo(
                proc.name(),
                proc.pid(),
                proc.state(),
                proc.uptime(at).toMillis(),
                use.rssBytes(),
                use.cpuMillis(),
                proc.restarts(),
                proc.lastExit() == null ? "" : proc.lastExit().toString(),
                proc.limits());
    }

    /// One that has ended.
    static ProcInfo of(EndedProc proc) {
        return new ProcInfo(
                proc.name(),
                proc.pid(),
                "ended",
                0,
                0,
                0,
                proc.restarts(),
                proc.report().toString(),
                List.of());
    }
}
