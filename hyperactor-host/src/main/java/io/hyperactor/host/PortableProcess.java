package io.hyperactor.host;

import io.hyperactor.host.OutputListener.Stream;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A process that the JDK reaps. One thread waits for its end, two read its output.
final class PortableProcess implements LaunchedProcess {
    /// How long the last output may take to come. Its end may never come: a grandchild can hold the
    /// pipe open.
    private static final Duration LAST_OUTPUT_LIMIT = Duration.ofMillis(100);

    private static final int SIGNAL_BASE = 128; // what the JDK adds to the number of a signal
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Process process;
    private final OutputCapture output;
    private final ControlStream control;
    private final List<AppliedLimit> limits;
    private final Instant startedAt = Instant.now();
    private final KillTime killed = new KillTime();
    private final CompletableFuture<ProcExit> exit = new CompletableFuture<>();

    PortableProcess(String name, Process process, OutputQueue queue, List<AppliedLimit> limits) {
        this.limits = limits;
        this.process = process;
        this.control = new ControlStream(process.getOutputStream());
        this.output = new OutputCapture(name, process.pid(), queue, System::nanoTime);
    }

    /// Begins to read its output and to wait for its end.
    ///
    /// @param whenEnded runs when it has ended, before [#exit()] completes
    void watch(Runnable whenEnded) {
        Thread stdout = start(() -> read(process.getInputStream(), Stream.STDOUT));
        Thread stderr = start(() -> read(process.getErrorStream(), Stream.STDERR));
        start(() -> {
            int status = waitUninterruptibly();
            try {
                Threads.joinUninterruptibly(stdout, LAST_OUTPUT_LIMIT);
                Threads.joinUninterruptibly(stderr, LAST_OUTPUT_LIMIT);
                close(process.getInputStream()); // the JDK leaves them to the garbage collector
                close(process.getErrorStream());
                closeControl();
            } finally { // whatever fails: the end is told
                whenEnded.run();
                exit.complete(exitOf(status));
            }
        });
    }

    @Override
    public String name() {
        return output.name();
    }

    @Override
    public void rename(String name) {
        output.rename(name);
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public CompletableFuture<ProcExit> exit() {
        return exit.copy(); // nobody completes or cancels it for the others
    }

    /// Reaches the process and the descendants it has now, one after the other.
    @Override
    public void signalGroup(int signal) {
        // None once it has ended: what has its id then is not its own.
        List<ProcessHandle> descendants =
                process.isAlive() ? process.descendants().toList() : List.of();
        switch (signal) {
            case Signals.KILL -> {
                killed.mark();
                process.destroyForcibly();
                descendants.forEach(ProcessHandle::destroyForcibly);
            }
            case Signals.TERM -> {
                process.destroy();
                descendants.forEach(ProcessHandle::destroy);
            }
            default -> {
                if (!Signals.exists(signal)) {
                    throw new IllegalArgumentException("no signal has the number " + signal);
                }
                throw new UnsupportedOperationException(
                        "this launcher cannot send " + Signals.name(signal));
            }
        }
    }

    /// Whether it was killed so long ago that nobody waits for its end any more.
    boolean isGivenUp() {
        return killed.isLongAgo();
    }

    @Override
    public Containment containment() {
        return Containment.PROCESS;
    }

    @Override
    public List<AppliedLimit> limits() {
        return limits;
    }

    @Override
    public List<String> lastLines() {
        return output.lastLines();
    }

    @Override
    public boolean tell(String line) {
        return control.tell(ControlLine.bytes(line));
    }

    @Override
    public void closeControl() {
        control.close();
    }

    @Override
    public String toString() {
        return name() + " (pid " + process.pid() + ")";
    }

    private void read(InputStream from, Stream stream) {
        byte[] bytes = new byte[BUFFER_BYTES];
        try {
            for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                output.accept(stream, bytes, count);
            }
        } catch (IOException e) {
            // The JDK closed it, for the process has ended: there is no more.
        }
        output.end(stream);
    }

    private static void close(Closeable stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }

    private int waitUninterruptibly() {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                // Nobody has this thread to interrupt it, and somebody waits for the exit.
            }
        }
    }

    private static ProcExit exitOf(int status) {
        boolean perhapsSignal = File.separatorChar == '/' && Signals.exists(status - SIGNAL_BASE);
        return perhapsSignal ? new ProcExit.Ambiguous(status) : new ProcExit.Exited(status);
    }

    private Thread start(Runnable work) {
        return Thread.ofPlatform().daemon().name("hyperactor-proc-" + name()).start(work);
    }
}
