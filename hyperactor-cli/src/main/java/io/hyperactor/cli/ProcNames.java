package io.hyperactor.cli;

import io.hyperactor.wire.ChannelAddress;
import io.hyperactor.wire.InvalidNameException;
import io.hyperactor.wire.ProcId;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Does the same with each of several procs, whatever becomes of the others.
final class ProcNames {
    /// What is done with one proc.
    interface Action {
        /// Does it.
        ///
        /// @return the line, or lines, that say so
        String apply(String name) throws InterruptedException;
    }

    private static final int AT_A_TIME = 16; // as when a host ends its procs

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

    /// Does it to several at a time, and prints a line for each name, a result or an error, in the
    /// order of the names.
    ///
    /// @return the exit code: failed if one did
    static int forEach(List<String> names, Shell shell, Action action) throws InterruptedException {
        int exitCode = ExitCode.DONE;
        ExecutorService threads =
                Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory());
        try {
            List<Future<String>> lines =
                    names.stream().map(name -> threads.submit(() -> action.apply(name))).toList();
            for (Future<String> line : lines) {
                try {
                    get(line).lines().forEach(shell::result);
                } catch (CliException.Failed e) {
                    shell.error(e.getMessage());
                    exitCode = ExitCode.FAILED;
                }
            }
        } finally {
            threads.shutdownNow(); // after an interrupt nobody waits for the others
        }
        return exitCode;
    }

    private static String get(Future<String> line) throws InterruptedException {
        try {
            return line.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case InterruptedException interrupt -> throw interrupt;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
