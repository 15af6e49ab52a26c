package io.hyperactor.cli;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.InvalidNameException;
import io.hyperactor.wire.ProcId;

import java.util.List;

/// Does the same with each of several procs, whatever becomes of the others.
final class ProcNames {
    /// What is done with one proc.
    interface Action {
        /// Does it.
        ///
        /// @return the line that says so
        String apply(String name) throws InterruptedException;
    }

    private ProcNames() {}

    /// Refuses names that no proc can have.
    ///
    /// @throws CliException.Usage naming the first of them
    static void check(List<String> names, ChannelAddress host) {
        for (String name : names) {
            try {
                var _ = new ProcId(host, name);
            } catch (InvalidNameException e) {
                throw new CliException.Usage(String.valueOf(e.getMessage()));
            }
        }
    }

    /// Prints a line for each name, a result or an error.
    ///
    /// @return the exit code: failed if one did
    static int forEach(List<String> names, Shell shell, Action action) throws InterruptedException {
        int exitCode = ExitCode.DONE;
        for (String name : names) {
            try {
                shell.result(action.apply(name));
            } catch (CliException.Failed e) {
                shell.error(e.getMessage());
                exitCode = ExitCode.FAILED;
            }
        }
        return exitCode;
    }
}
