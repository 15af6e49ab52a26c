package io.hyperactor.host;

import io.hyperactor.wire.ProcId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.LongAdder;

/// The status of a proc as those who observe it are told. Takes only the steps of
/// [ProcStatus#mayBecome]: any other is a defect of ours, which is counted and logged, and nobody
/// is told of it.
///
/// **Threads:** [#become] one at a time.
final class ToldStatus {
    private static final Logger LOG = LoggerFactory.getLogger(ToldStatus.class);

    private final ProcId proc;
    private final LongAdder refused;
    private final Watch<ProcStatus> status = new Watch<>(new ProcStatus.Starting());

    /// @param refused counts steps that are none
    ToldStatus(ProcId proc, LongAdder refused) {
        this.proc = proc;
        this.refused = refused;
    }

    /// What is told.
    Watch<ProcStatus> told() {
        return status;
    }

    /// The proc is in this status now; nothing happens if it was before.
    void become(ProcStatus next) {
        ProcStatus now = status.value();
        if (now.equals(next)) {
            return;
        }
        if (now.mayBecome(next)) {
            status.set(next);
        } else {
            refused.increment();
            LOG.error("'{}' is {} and cannot become {}", proc, now, next);
        }
    }
}
