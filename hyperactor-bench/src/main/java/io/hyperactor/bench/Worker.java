package io.hyperactor.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A contender's process as seen from inside. Every contender, also one that is no JVM, speaks the
/// same lines: it prints `bench ready`; for each line `round N` that it reads it prints `bench` and
/// the figures, or `bench failed:` and why; when its input ends, it ends. Other lines that it
/// prints mean nothing.
public final class Worker {
    static final String PREFIX = "bench ";
    static final String READY = "ready";
    static final String ROUND = "round ";
    static final String FAILED = "failed: ";

    /// Makes the workload; may start processes.
    @FunctionalInterface
    public interface Setup {
        /// Called once.
        Workload prepare() throws Exception;
    }

    private Worker() {}

    /// Runs a workload until the input ends, then halts the process.
    public static void run(Setup setup) {
        int status = 0;
        try (Workload workload = setup.prepare()) {
            serve(workload, System.out);
        } catch (Throwable t) {
            t.printStackTrace();
            say(System.out, FAILED + causes(t));
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }

    private static String causes(Throwable failure) {
        String own = failure.toString().lines().findFirst().orElse("");
        Throwable cause = failure.getCause();
        return cause == null ? own : own + ", because of " + causes(cause);
    }

    private static void serve(Workload workload, PrintStream out) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        say(out, READY);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int operations = Integer.parseInt(line.substring(ROUND.length()).strip());
            say(out, workload.round(operations).text());
        }
    }

    private static void say(PrintStream out, String text) {
        out.println(PREFIX + text);
        out.flush();
    }
}
