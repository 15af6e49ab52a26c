package io.hyperactor.cli;

import io.hyperactor.host.LogPolicy;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// The options of `hyperactor host` that say what it keeps of what procs print and log.
final class LogOptions {
    private static final String LOG_DIR = "--log-dir";
    private static final String PASS_THROUGH = "--pass-through";

    private LogOptions() {}

    static CommandSpec addTo(CommandSpec spec) {
        return spec.value(
                        LOG_DIR,
                        "DIR",
                        "Where to write what procs print and log, in files of each proc."
                                + " Private to you, and made if it is missing. Default:"
                                + " nowhere; the last records are in memory.")
                .flag(
                        PASS_THROUGH,
                        "Show what procs print as it comes, unescaped: for a terminal, and"
                                + " procs that you trust.");
    }

    /// What is to be kept.
    ///
    /// @throws CliException.Usage if the folder can be none
    static LogPolicy policy(Arguments arguments) {
        LogPolicy logs = LogPolicy.defaults().withPassThrough(arguments.has(PASS_THROUGH));
        Optional<String> folder = arguments.value(LOG_DIR);
        try {
            return folder.isEmpty() ? logs : logs.withFolder(Path.of(folder.get()));
        } catch (InvalidPathException e) {
            throw new CliException.Usage(LOG_DIR + ": " + e.getMessage());
        }
    }
}
