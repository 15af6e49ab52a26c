package io.hyperactor.bench;

import java.util.List;
import java.util.Locale;

/// A group of cases.
enum Suite {
    /// Inside one process.
    LOCAL,
    /// Between two processes, without actors.
    CHANNEL,
    /// Between actors in two processes.
    REMOTE,
    /// Through a host.
    HOST,
    /// Starting and ending procs.
    PROCESS;

    /// Its name on the command line.
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<Case> cases() {
        return switch (this) {
            case LOCAL -> LocalCases.all();
            case CHANNEL -> ChannelCases.all();
            case REMOTE -> RemoteCases.all();
            case HOST -> HostCases.all();
            case PROCESS -> ProcessCases.all();
        };
    }
}
