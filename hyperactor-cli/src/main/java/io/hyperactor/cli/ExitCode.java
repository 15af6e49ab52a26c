package io.hyperactor.cli;

/// What the command line exits with.
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    /// A signal ended it before it was done; the JVM then says which.
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
