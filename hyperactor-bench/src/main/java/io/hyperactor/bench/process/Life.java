package io.hyperactor.bench.process;

import io.hyperactor.bench.Figure;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What a child process costs: to start, to have, to stop, to lose.
public final class Life implements Workload {
    private static final long SETTLE_MILLIS = 300;
    private static final String RESIDENT = "VmRSS:";
    private static final int KIB = 1024;

    private final Children children;
    private final Measure measure;

    @FunctionalInterface
    private interface Measure {
        Round round(Children children, int operations) throws IOException, InterruptedException;
    }

    private Life(String whose, String what) throws IOException {
        measure =
                switch (what) {
                    case "start" -> Life::start;
                    case "memory" -> Life::memory;
                    case "stop" -> Life::stop;
                    case "kill" -> Life::kill;
                    default -> throw new IllegalArgumentException(what);
                };
        children =
                switch (whose) {
                    case "cold" -> Procs.cold();
                    case "procs" -> Procs.cached();
                    case "spare" -> Procs.spare();
                    case "bare" -> new BareJvms();
                    case "grpc" -> new GrpcChildren();
                    case "pekko" -> new PekkoChildren();
                    default -> throw new IllegalArgumentException(whose);
                };
    }

    /// Measures until the input ends.
    ///
    /// @param arguments `cold`, `procs` (with an AOT cache), `spare`, `bare`, `grpc` or `pekko`;
    ///   `start`, `memory`, `stop` or `kill`
    public static void main(String[] arguments) {
        Worker.run(() -> new Life(arguments[0], arguments[1]));
    }

    @Override
    public Round round(int operations) throws Exception {
        return measure.round(children, operations);
    }

    @Override
    public void close() {
        children.close();
    }

    /// From the order to start it, until it is ready and until it has answered.
    private static Round start(Children children, int operations)
            throws IOException, InterruptedException {
        long ready = 0;
        long answered = 0;
        for (int i = 0; i < operations; i++) {
            children.prepare();
            long start = System.nanoTime();
            Children.Child child = children.start();
            ready += System.nanoTime() - start;
            child.ask();
            answered += System.nanoTime() - start;
            child.kill();
            child.awaitExit();
        }
        return new Round(
                Map.of(
                        Figure.READY, (double) ready / operations,
                        Figure.ANSWER, (double) answered / operations));
    }

    /// Resident memory after one answer and a pause.
    private static Round memory(Children children, int operations)
            throws IOException, InterruptedException {
        double bytes = 0;
        for (int i = 0; i < operations; i++) {
            Children.Child child = children.start();
            child.ask();
            Thread.sleep(SETTLE_MILLIS);
            bytes += residentBytes(child.pid());
            child.kill();
            child.awaitExit();
        }
        return Round.of(Figure.SIZE, bytes / operations);
    }

    private static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith(RESIDENT)) {
                return KIB * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no " + RESIDENT + " of " + pid);
    }

    /// From the order to end in good order, until the process is gone.
    private static Round stop(Children children, int operations)
            throws IOException, InterruptedException {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            Children.Child child = children.start();
            child.ask();
            long start = System.nanoTime();
            child.stop();
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.few(nanos);
    }

    /// From SIGKILL until the watcher knows.
    private static Round kill(Children children, int operations)
            throws IOException, InterruptedException {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            Children.Child child = children.start();
            child.ask();
            child.watch();
            long start = System.nanoTime();
            child.kill();
            child.awaitNoticed();
            nanos[i] = System.nanoTime() - start;
        }
        return Statistics.few(nanos);
    }
}
