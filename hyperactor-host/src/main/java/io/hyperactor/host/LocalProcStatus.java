package io.hyperactor.host;

/// Where a proc is that was asked to stop through [LocalProcManager#requestStop].
public enum LocalProcStatus {
    /// Its actors are being ended.
    STOPPING,
    /// It has ended.
    STOPPED
}
