package io.hyperactor.cli;

/// One command of the command line.
interface Command {
    /// What it is called by.
    String name();

    /// Its options, arguments and help.
    CommandSpec spec();

    /// Does it.
    ///
    /// @param arguments matched against [#spec()]
    /// @return the exit code; see [ExitCode]
    /// @throws CliException if it cannot be done
    int run(Arguments arguments, Shell shell) throws InterruptedException;
}
