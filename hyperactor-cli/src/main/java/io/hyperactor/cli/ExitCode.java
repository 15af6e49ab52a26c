package io.hyperactor.cli;

/// What the command line exits with.
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private ExitCode() {}
}
