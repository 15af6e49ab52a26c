package io.hyperactor.bench.cold;

import io.hyperactor.bench.Jvm;
import io.hyperactor.bench.Round;
import io.hyperactor.bench.Statistics;
import io.hyperactor.bench.Worker;
import io.hyperactor.bench.Workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/// Starts a program for each operation, which does something for the first time and tells how long
/// that took; or says only that it is ready, and the time since it was started counts.
public final class Once implements Workload {
    private static final String TOOK = "took ";
    private static final String READY = "ready";

    private final List<String> command;

    private Once(List<String> command) {
        this.command = command;
    }

    /// Measures until the input ends.
    ///
    /// @param arguments `ours` or `Pekko`; what is done for the first time, see [First] and
    ///   [PekkoFirst]
    public static void main(String[] arguments) {
        Class<?> program = arguments[0].equals("ours") ? First.class : PekkoFirst.class;
        Worker.run(() -> new Once(Jvm.likeThis().command(program, arguments[1])));
    }

    /// In the program: tells how long it took.
    static void took(long nanos) {
        System.out.println(TOOK + nanos);
        System.out.flush();
    }

    /// In the program: tells that all is there.
    static void ready() {
        System.out.println(READY);
        System.out.flush();
    }

    @Override
    public Round round(int operations) throws Exception {
        long[] nanos = new long[operations];
        for (int i = 0; i < operations; i++) {
            nanos[i] = run();
        }
        return Statistics.few(nanos);
    }

    private long run() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.equals(READY)) {
                    return System.nanoTime() - start;
                }
                if (line.startsWith(TOOK)) {
                    return Long.parseLong(line.substring(TOOK.length()));
                }
            }
            throw new IOException("ended without a word: " + command);
        } finally {
            process.getOutputStream().close();
            process.waitFor();
        }
    }
}
