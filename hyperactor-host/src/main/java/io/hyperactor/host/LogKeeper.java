package io.hyperactor.host;

/// A manager that keeps what its procs print and log.
public interface LogKeeper {
    /// The book; whoever keeps it closes it.
    LogBook logs();
}
