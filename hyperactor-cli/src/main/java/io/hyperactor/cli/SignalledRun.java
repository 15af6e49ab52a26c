package io.hyperactor.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

/// Runs a command as a process that signals can end: SIGTERM, SIGINT (Ctrl-C) and SIGHUP interrupt
/// the thread of the command, which then ends it in its own way.
final class SignalledRun {
    /// How long a command may take to end: longer than a host may give its procs.
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private SignalledRun() {}

    /// Runs the command on this thread, and then ends the process with the exit code that it gives.
    /// If a signal interrupted it before it was done, the exit code is that of the signal.
    static void exitAfter(IntSupplier command) {
        var exitCode = new CompletableFuture<Integer>();
        Thread runner = Thread.currentThread();
        Thread hook = new Thread(() -> interrupt(runner, exitCode), "hyperactor-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            exitCode.complete(command.getAsInt());
        } catch (RuntimeException | Error e) {
            e.printStackTrace(); // a mistake in here, worth a report
            exitCode.complete(ExitCode.FAILED);
        }
        System.exit(exitCode.join());
    }

    /// The JVM has got a signal, or the process ends by itself.
    private static void interrupt(Thread runner, CompletableFuture<Integer> exitCode) {
        if (exitCode.isDone()) {
            return;
        }
        runner.interrupt();
        try {
            int code = exitCode.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (code != ExitCode.INTERRUPTED) {
                Runtime.getRuntime().halt(code); // a JVM knows no other way to it now
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            System.err.println("hyperactor: did not end in good order: " + e);
        }
    }
}
