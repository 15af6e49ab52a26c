package io.hyperactor.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One command of the command line.
///
/// Its options are declared in code, not by annotations: reading those takes longer than all the
/// rest of a short command.
interface Command {
    /// Its name, options and help.
    CommandSpec spec();

    /// Does it.
    ///
    /// @param arguments matched against [#spec()]
    /// @return the exit code; see [ExitCode]
    /// @throws CliException if it cannot be done
    int run(ParseResult arguments, Shell shell) throws InterruptedException;
}
