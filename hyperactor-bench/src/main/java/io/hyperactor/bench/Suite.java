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
    REMOTE;

    /// Its name on the command line.
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<Case> cases() {
        return switch (this) {
            case LOCAL -> LocalCases.all();
            case CHANNEL -> ChannelCases.all();
            case REMOTE -> RemoteCases.all();
        };
    }
}
