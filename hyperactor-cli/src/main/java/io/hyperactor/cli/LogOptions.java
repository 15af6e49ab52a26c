package io.hyperactor.cli;

import io.hyperactor.host.LogPolicy;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// The options of `hyperactor host` that say what it keeps of what procs print and log.
final class LogOptions {
    private static final String LOG_DIR = "--log-dir";
    private static final String PASS_THROUGH = "--pass-through";

    private LogOptions() {}

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(
                        Options.value(
                                LOG_DIR,
                                "DIR",
                                String.class,
                                "Where to write what procs print and log, in files of each proc."
                                        + " Private to you, and made if it is missing. Default:"
                                        + " nowhere; the last records are in memory."))
                .addOption(
                        Options.flag(
                                PASS_THROUGH,
                                "Show what procs print as it comes, unescaped: for a terminal, and"
                                        + " procs that you trust."));
    }

    /// What is to be kept.
    ///
    /// @throws CliException.Usage if the folder can be none
    static LogPolicy policy(ParseResult arguments) {
        LogPolicy logs =
                LogPolicy.defaults().withPassThrough(arguments.hasMatchedOption(PASS_THROUGH));
        String folder = arguments.matchedOptionValue(LOG_DIR, null);
        try {
            return folder == null ? logs : logs.withFolder(Path.of(folder));
        } catch (InvalidPathException e) {
            throw new CliException.Usage(LOG_DIR + ": " + e.getMessage());
        }
    }
}
